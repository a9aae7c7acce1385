// Chart of the decisions over time, with one stacked bar per time step. The arrow keys move between
// the bars. The text below the chart describes the focused bar or the one under the pointer.

import { h, svg, setChildren } from './dom.js'
import { DECISIONS, count, countEvents, label, tooltip } from './labels.js'
import { linkTo } from './route.js'
import { DAY, clockTime, monthAndDay } from './time.js'

/** Decisions from bottom to top. Problems are at the bottom, so that a few among thousands are
    visible. */
const STACK = ['failed', 'quarantined', 'tombstoned', 'applied', 'stale', 'ignored', 'dismissed']

const HEIGHT = 100
/** Gap between two bars, as a fraction of the width of a step. */
const GAP = 0.16
/** Minimum height of a segment, so that it stays visible. */
const MIN_HEIGHT = 1.6

/** Returns the chart of a response of `GET /v1/decisions`. */
export function chart({ data, step_seconds: step, estimated }) {
  const top = roundUp(Math.max(1, ...data.map(total)))
  const summary = h('p', { class: 'chart-summary' }, describeAll(data, estimated))
  const describe = (text) => setChildren(summary, text ?? describeAll(data, estimated))
  const bars = data.map((entry, at) => bar(entry, at, { top, step, describe }))
  bars.at(-1)?.setAttribute('tabindex', '0')
  const gridLines = [0, 0.5].map((part) =>
    svg('line', {
      class: 'grid-line',
      x1: 0,
      x2: data.length,
      y1: HEIGHT * part,
      y2: HEIGHT * part,
    }),
  )
  const baseline = svg('line', {
    class: 'baseline',
    x1: 0,
    x2: data.length,
    y1: HEIGHT,
    y2: HEIGHT,
  })
  const drawing = svg(
    'svg',
    {
      viewBox: `0 0 ${data.length} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': 'Event decisions over time',
    },
    gridLines,
    bars,
    baseline,
  )
  drawing.addEventListener('keydown', (pressed) => moveFocus(pressed, bars))
  const scale = h(
    'div',
    { class: 'scale', 'aria-hidden': 'true' },
    [top, top / 2, 0].map((value) => h('span', {}, count(value))),
    h('i', {}, count(top)),
  )
  const plot = h('div', { class: 'chart' }, scale, drawing, timeAxis(data, step))
  return h('div', {}, plot, summary, legend(data))
}

const total = (entry) => DECISIONS.reduce((sum, decision) => sum + entry[decision], 0)

/** Returns the next round number that has an integer half. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return Math.max(
    2,
    [1, 2, 4, 6, 10].map((factor) => factor * power).find((rounded) => rounded >= value),
  )
}

function bar(entry, at, { top, step, describe }) {
  let y = HEIGHT
  const segments = STACK.filter((decision) => entry[decision]).map((decision) => {
    const height = Math.max(MIN_HEIGHT, (entry[decision] / top) * HEIGHT)
    y -= height
    return svg('rect', {
      class: decision,
      x: at + GAP / 2,
      y: Math.max(0, y),
      width: 1 - GAP,
      height,
    })
  })
  const text = describeStep(entry, step)
  const end = new Date(Date.parse(entry.from) + step * 1000).toISOString()
  return svg(
    'a',
    {
      href: linkTo(['events'], {
        received_after: new Date(Date.parse(entry.from) - 1).toISOString(),
        received_before: end,
      }),
      tabindex: '-1',
      'aria-label': text,
      onmouseenter: () => describe(text),
      onmouseleave: () => describe(),
      onfocus: () => describe(text),
      onblur: () => describe(),
    },
    svg('rect', { class: 'hover-area', x: at, y: 0, width: 1, height: HEIGHT }),
    segments,
  )
}

function describeStep(entry, step) {
  const [from, until] = [Date.parse(entry.from), Date.parse(entry.from) + step * 1000]
  const needsDate = Date.now() - from > DAY / 2 || step * 1000 >= DAY / 8
  const date = needsDate ? `${monthAndDay(from)}, ` : ''
  const parts = DECISIONS.filter((decision) => entry[decision]).map(
    (decision) => `${count(entry[decision])} ${decision}`,
  )
  return `${date}${clockTime(from)} to ${clockTime(until)}: ${parts.join(', ') || 'no events'}`
}

function describeAll(data, estimated) {
  const sum = data.reduce((all, entry) => all + total(entry), 0)
  if (!sum) return 'No events in this time range.'
  if (!estimated.length) return `${countEvents(sum)} in total.`
  return `About ${countEvents(sum)} in total. Estimated from a sample: ${estimated.join(', ')}.`
}

function moveFocus(pressed, bars) {
  const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -bars.length, End: bars.length }
  const move = moves[pressed.key]
  if (!move) return
  pressed.preventDefault()
  const at = Math.min(bars.length - 1, Math.max(0, bars.indexOf(document.activeElement) + move))
  for (const bar of bars) bar.setAttribute('tabindex', '-1')
  bars[at].setAttribute('tabindex', '0')
  bars[at].focus()
}

function timeAxis(data, step) {
  const labeled = [0, 0.25, 0.5, 0.75].map((part) => data[Math.floor(part * data.length)])
  const format = step * data.length * 1000 > 2 * DAY ? monthAndDay : clockTime
  return h(
    'div',
    { class: 'time-axis', 'aria-hidden': 'true' },
    labeled.map((entry) => h('span', {}, format(Date.parse(entry.from)))),
    h('span', {}, 'now'),
  )
}

function legend(data) {
  const totals = DECISIONS.map((decision) => [
    decision,
    data.reduce((sum, entry) => sum + entry[decision], 0),
  ])
  return h(
    'ul',
    { class: 'legend' },
    totals
      .filter(([, sum]) => sum)
      .map(([decision, sum]) =>
        h(
          'li',
          {},
          h(
            'a',
            { href: linkTo(['events'], { decision }), title: tooltip(decision) },
            h('span', { class: `swatch ${decision}` }),
            label(decision),
          ),
          ' ',
          h('span', { class: 'muted' }, count(sum)),
        ),
      ),
  )
}
