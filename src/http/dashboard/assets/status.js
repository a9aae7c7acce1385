// Card with the service status from `GET /v1/status` and the key figures.

import { h, svg } from './dom.js'
import { DECISIONS, capitalize, count } from './labels.js'
import { linkTo } from './route.js'
import { lastDelivery } from './secrets.js'
import { checklist } from './setup.js'
import { relativeTime } from './time.js'

const TITLES = {
  green: 'Operational',
  amber: 'Needs attention',
  red: 'Critical problem',
}

/** Paths of the icons. Their shapes differ, so that the status does not depend on color alone. */
const ICONS = {
  green: 'M10 17.5l4.5 4.5L24 12.5',
  amber: 'M17 9.5v10M17 23.5v.6',
  red: 'M11.5 11.5l11 11M22.5 11.5l-11 11',
}

/** Links for the reasons that a view shows in detail. */
const REASON_LINKS = {
  deletions_blocked: ['View failed events', linkTo(['events'], { decision: 'failed' })],
  events_failing: ['View failed events', linkTo(['events'], { decision: 'failed' })],
  events_failed: ['View failed events', linkTo(['events'], { decision: 'failed' })],
  all_quarantined: ['View quarantined events', linkTo(['events'], { decision: 'quarantined' })],
}

/** Returns the card. `lastDay` has the counts of the last 24 hours, or is null. */
export function statusCard(status, lastDay) {
  const icon = svg(
    'svg',
    { class: 'status-icon', viewBox: '0 0 34 34', 'aria-hidden': 'true' },
    svg('circle', { cx: 17, cy: 17, r: 17, fill: 'currentColor' }),
    svg('path', {
      d: ICONS[status.status],
      fill: 'none',
      stroke: 'var(--surface)',
      'stroke-width': 3.4,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  )
  const isWaiting = status.setup && status.status === 'green'
  const reasons = status.reasons.map((reason) => h('li', {}, reasonText(reason)))
  const text = h(
    'div',
    {},
    h('h1', {}, isWaiting ? 'Waiting for the first delivery' : TITLES[status.status]),
    reasons.length > 0 && h('ul', {}, reasons),
    status.setup && checklist(status.setup),
    !reasons.length &&
      !status.setup &&
      h('p', { class: 'muted' }, 'Deliveries are accepted. No action is needed.'),
  )
  return h(
    'section',
    { class: `card status ${status.status}`, 'aria-label': 'Service status' },
    h('div', { class: 'summary' }, icon, text),
    figures(status, lastDay),
  )
}

function reasonText({ code, detail }) {
  const [text, href] = REASON_LINKS[code] ?? []
  return [capitalize(detail), '. ', href && h('a', { href }, text)]
}

function figures({ events, queue, version }, lastDay) {
  const figure = (name, value, note) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value, note && [' ', h('small', {}, note)]))
  const note = lastDay?.estimated ? 'in 24 h, estimated' : 'in 24 h'
  return h(
    'dl',
    { class: 'figures' },
    figure('Last delivery', events ? relativeTime(lastDelivery(events.secrets)) : 'unknown'),
    lastDay && figure('Events', count(lastDay.total), note),
    lastDay && figure('Failed events', count(lastDay.failed), note),
    figure('Queue', count(queue.waiting), `of ${count(queue.capacity)}`),
    figure('Version', version),
  )
}

/** Sums up a response of `GET /v1/decisions`. */
export function summarize({ data, estimated }) {
  const sum = (decisions) =>
    data.reduce((all, entry) => decisions.reduce((part, it) => part + entry[it], all), 0)
  return {
    total: sum(DECISIONS),
    failed: sum(['failed']),
    estimated: estimated.length > 0,
  }
}
