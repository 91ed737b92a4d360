// chart.ts - the parts of ECharts that the charts here take: bars, stacked or not, and lines over a row of labels. Loaded where one is opened.
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Series {
  kind: 'bar' | 'line'
  name: string
  color: string // a token of the style, such as --pine
  values: readonly number[]
  stack?: string
}
export interface Chart {
  show: (labels: readonly string[], series: readonly Series[]) => void
  fit: () => void
  dispose: () => void
}

const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function drawn({ kind, name, color: token, values, stack }: Series) {
  const all = { name, data: [...values], itemStyle: { color: color(token) } }
  return kind === 'bar' ? { ...all, type: 'bar' as const, barMaxWidth: 28, ...(stack && { stack }) } : { ...all, type: 'line' as const, symbolSize: 5, lineStyle: { width: 2 } }
}

export function chart_in(place: HTMLElement): Chart {
  const chart = init(place)
  const text = { color: color('--ink-2'), fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 }
  return {
    show(labels, series) {
      chart.setOption({
        animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        animationDuration: 300,
        textStyle: text,
        grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text },
        tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' }, confine: true }, // the page's policy allows no style in HTML
        xAxis: { type: 'category', data: [...labels], axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: color('--line-control') } } },
        yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: color('--line') } } },
        series: series.map(drawn),
      })
    },
    fit: () => chart.resize(),
    dispose: () => chart.dispose(),
  }
}
