// Decisions over time: a stack for each step. The arrow keys go from one to the next, and what the one that
// is looked at comes to stands below, in words.

import { h, svg, put } from './dom.js'
import { to } from './route.js'
import { DAYS, clock, date } from './time.js'
import { DECISIONS, count, meaning } from './words.js'

/** From the ground up: what one should look at stands on it, so that it is seen beside thousands. */
const STACK = ['failed', 'quarantined', 'tombstoned', 'applied', 'stale', 'ignored']

const HEIGHT = 100
const GAP = 0.16
/** As little as can still be seen. */
const LEAST = 1.6

/** The chart of what `GET /v1/decisions` answers. */
export function chart({ data, step_seconds: step, estimated }) {
  const sums = data.map((entry) => sum(entry))
  const top = ceiling(Math.max(1, ...sums))
  const told = h('p', { class: 'told' }, inAll(data, estimated))
  const columns = data.map((entry, at) =>
    column(entry, at, { top, step, tell: (text) => put(told, text ?? inAll(data, estimated)) }),
  )
  columns.at(-1)?.setAttribute('tabindex', '0')
  const lines = [0, 0.5].map((part) =>
    svg('line', { class: 'grid', x1: 0, x2: data.length, y1: HEIGHT * part, y2: HEIGHT * part }),
  )
  const base = svg('line', { class: 'base', x1: 0, x2: data.length, y1: HEIGHT, y2: HEIGHT })
  const drawing = svg(
    'svg',
    {
      viewBox: `0 0 ${data.length} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': 'Decisions over time',
    },
    lines,
    columns,
    base,
  )
  drawing.addEventListener('keydown', (event) => walk(event, columns))
  const scale = h(
    'div',
    { class: 'scale', 'aria-hidden': 'true' },
    [top, top / 2, 0].map((value) => h('span', {}, count(value))),
    h('i', {}, count(top)),
  )
  return h('div', {}, h('div', { class: 'chart' }, scale, drawing, times(data, step)), told, legend(data))
}

const sum = (entry) => DECISIONS.reduce((total, decision) => total + entry[decision], 0)

/** A round number that is not less, and of which the half is whole. */
function ceiling(most) {
  const power = 10 ** Math.floor(Math.log10(most))
  return Math.max(
    2,
    [1, 2, 4, 6, 10].map((factor) => factor * power).find((value) => value >= most),
  )
}

function column(entry, at, { top, step, tell }) {
  let height = HEIGHT
  const bars = STACK.filter((decision) => entry[decision]).map((decision) => {
    const part = Math.max(LEAST, (entry[decision] / top) * HEIGHT)
    height -= part
    return svg('rect', {
      class: decision,
      x: at + GAP / 2,
      y: Math.max(0, height),
      width: 1 - GAP,
      height: part,
    })
  })
  const text = said(entry, step)
  const before = new Date(Date.parse(entry.from) + step * 1000).toISOString()
  return svg(
    'a',
    {
      href: to(['events'], {
        received_after: new Date(Date.parse(entry.from) - 1).toISOString(),
        received_before: before,
      }),
      tabindex: '-1',
      'aria-label': text,
      onmouseenter: () => tell(text),
      onmouseleave: () => tell(),
      onfocus: () => tell(text),
      onblur: () => tell(),
    },
    svg('rect', { class: 'ground', x: at, y: 0, width: 1, height: HEIGHT }),
    bars,
  )
}

function said(entry, step) {
  const [from, until] = [Date.parse(entry.from), Date.parse(entry.from) + step * 1000]
  const day = Date.now() - from > DAYS / 2 || step * 1000 >= DAYS / 8 ? `${date(from)}, ` : ''
  const parts = DECISIONS.filter((decision) => entry[decision]).map(
    (decision) => `${count(entry[decision])} ${decision}`,
  )
  return `${day}${clock(from)} to ${clock(until)}: ${parts.join(', ') || 'nothing came'}`
}

function inAll(data, estimated) {
  const total = data.reduce((all, entry) => all + sum(entry), 0)
  const about = estimated.length
    ? `About ${count(total)} events in all (${estimated.join(', ')}: estimated from a sample).`
    : `${count(total)} in all.`
  return total ? about : 'Nothing came in this time.'
}

function walk(event, columns) {
  const by = { ArrowLeft: -1, ArrowRight: 1, Home: -columns.length, End: columns.length }[event.key]
  if (!by) return
  event.preventDefault()
  const at = Math.min(columns.length - 1, Math.max(0, columns.indexOf(document.activeElement) + by))
  for (const column of columns) column.setAttribute('tabindex', '-1')
  columns[at].setAttribute('tabindex', '0')
  columns[at].focus()
}

function times(data, step) {
  const places = [0, 0.25, 0.5, 0.75].map((part) => data[Math.floor(part * data.length)])
  const show = step * data.length * 1000 > 2 * DAYS ? date : clock
  return h(
    'div',
    { class: 'times', 'aria-hidden': 'true' },
    places.map((entry) => h('span', {}, show(Date.parse(entry.from)))),
    h('span', {}, 'now'),
  )
}

function legend(data) {
  const totals = DECISIONS.map((decision) => [decision, data.reduce((all, entry) => all + entry[decision], 0)])
  return h(
    'ul',
    { class: 'legend' },
    totals
      .filter(([, total]) => total)
      .map(([decision, total]) =>
        h(
          'li',
          {},
          h(
            'a',
            { href: to(['events'], { decision }), title: meaning(decision) },
            h('span', { class: `swatch ${decision}` }),
            decision,
          ),
          ' ',
          h('span', { class: 'muted' }, count(total)),
        ),
      ),
  )
}
