// How it goes, in words: what `GET /v1/status` says, and what follows from it.

import { h, svg } from './dom.js'
import { to } from './route.js'
import { lastDelivery } from './secrets.js'
import { moment } from './time.js'
import { count } from './words.js'

const WORDS = {
  green: 'All is well',
  amber: 'Somebody should look',
  red: 'Something is broken',
}

/** What each colour is drawn as: by its form too, for those who do not tell colours apart. */
const LAMPS = {
  green: 'M10 17.5l4.5 4.5L24 12.5',
  amber: 'M17 9.5v10M17 23.5v.6',
  red: 'M11.5 11.5l11 11M22.5 11.5l-11 11',
}

/** Where one sees what a reason is about. */
const LEADS = {
  events_failing: ['See them', to(['events'], { decision: 'failed' })],
  events_failed: ['See them', to(['events'], { decision: 'failed' })],
}

/** The whole of it, with the decisions of the last day beside. */
export function stateCard(status, lastDay) {
  const lamp = svg(
    'svg',
    { class: 'lamp', viewBox: '0 0 34 34', 'aria-hidden': 'true' },
    svg('circle', { cx: 17, cy: 17, r: 17, fill: 'currentColor' }),
    svg('path', {
      d: LAMPS[status.status],
      fill: 'none',
      stroke: 'var(--surface)',
      'stroke-width': 3.4,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  )
  const reasons = status.reasons.map(reason)
  const words = h(
    'div',
    {},
    h('h1', {}, WORDS[status.status]),
    reasons.length
      ? h(
          'ul',
          {},
          reasons.map((text) => h('li', {}, text)),
        )
      : h('p', { class: 'muted' }, 'Deliveries are taken, and nothing waits for you.'),
  )
  return h(
    'section',
    { class: `card state ${status.status}`, 'aria-label': 'State' },
    h('div', { class: 'word' }, lamp, words),
    figures(status, lastDay),
  )
}

function reason({ code, detail }) {
  const [text, href] = LEADS[code] ?? []
  return [detail[0].toUpperCase() + detail.slice(1), '. ', href && h('a', { href }, text)]
}

function figures({ events: seen, queue, version }, lastDay) {
  const figure = (name, value, note) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value, note && [' ', h('small', {}, note)]))
  return h(
    'dl',
    { class: 'figures' },
    figure('Last delivery', seen ? moment(lastDelivery(seen.secrets)) : 'unknown'),
    lastDay &&
      figure(
        'In the last day',
        count(lastDay.total),
        lastDay.estimated ? 'events, about' : lastDay.total === 1 ? 'event' : 'events',
      ),
    lastDay && figure('Of them failed', count(lastDay.failed)),
    figure('Waiting', count(queue.waiting), `of ${count(queue.capacity)}`),
    figure('Version', version),
  )
}

/** What the decisions of a day come to. */
export function dayOf({ data, estimated }) {
  const sum = (kinds) => data.reduce((all, entry) => kinds.reduce((some, kind) => some + entry[kind], all), 0)
  return {
    total: sum(['applied', 'stale', 'ignored', 'tombstoned', 'quarantined', 'failed']),
    failed: sum(['failed']),
    estimated: estimated.length > 0,
  }
}
