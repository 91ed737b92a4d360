// chart.ts - the parts of ECharts that the chart of a period takes; loaded with the page's chart.
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Day { label: string; received: number; decided: number }
export interface Chart {
  show: (days: readonly Day[], words: { received: string; decided: string }) => void
  fit: () => void
  dispose: () => void
}

const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export function chart_in(place: HTMLElement): Chart {
  const chart = init(place)
  const text = { color: color('--ink-2'), fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 }
  return {
    show(days, words) {
      chart.setOption({
        animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        animationDuration: 300,
        textStyle: text,
        grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text },
        tooltip: { trigger: 'axis', renderMode: 'richText', confine: true }, // the page's policy allows no style in HTML
        xAxis: { type: 'category', data: days.map(({ label }) => label), axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: color('--line-control') } } },
        yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: color('--line') } } },
        series: [
          { type: 'bar', name: words.received, data: days.map(({ received }) => received), itemStyle: { color: color('--pine') }, barMaxWidth: 22 },
          { type: 'line', name: words.decided, data: days.map(({ decided }) => decided), symbolSize: 5, itemStyle: { color: color('--amber') }, lineStyle: { width: 2 } },
        ],
      })
    },
    fit: () => chart.resize(),
    dispose: () => chart.dispose(),
  }
}
