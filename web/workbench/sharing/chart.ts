// chart.ts - the parts of ECharts that a chart of uses takes; loaded where one is opened.
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { Bar } from './figures'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Chart {
  show: (bars: readonly Bar[], words: { answered: string; refused: string }) => void
  fit: () => void
  dispose: () => void
}

const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export function chart_in(place: HTMLElement): Chart {
  const chart = init(place)
  const text = { color: color('--ink-2'), fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 }
  return {
    show(bars, words) {
      const series = (key: 'answered' | 'refused', fill: string) =>
        ({ type: 'bar' as const, name: words[key], stack: 'calls', data: bars.map((bar) => bar[key]), itemStyle: { color: fill }, barMaxWidth: 28 })
      chart.setOption({
        animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        animationDuration: 300,
        textStyle: text,
        grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text },
        tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' }, confine: true }, // the page's policy allows no style in HTML
        xAxis: { type: 'category', data: bars.map(({ label }) => label), axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: color('--line-control') } } },
        yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: color('--line') } } },
        series: [series('answered', color('--pine')), series('refused', color('--cinnabar'))],
      })
    },
    fit: () => chart.resize(),
    dispose: () => chart.dispose(),
  }
}
