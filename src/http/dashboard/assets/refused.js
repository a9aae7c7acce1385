// Card with the refused deliveries from `GET /v1/status`.

import { card } from './components.js'
import { h } from './dom.js'
import { count } from './labels.js'
import { clockTime, relativeTime } from './time.js'

/** Number of refused deliveries that the card shows. */
const SHOWN = 5

/** Number of hours that the card shows, the newest first. */
const HOURS_SHOWN = 6

/** Returns the card, or null if no delivery was refused. */
export function refusedCard(refused) {
  if (!refused?.newest.length) return null
  const reasons = Object.entries(refused.counts).sort(([, a], [, b]) => b - a)
  const total = reasons.reduce((sum, [, number]) => sum + number, 0)
  const summary = reasons.map(([reason, number]) =>
    h(
      'li',
      {},
      h(
        'div',
        { class: 'line' },
        h('span', { class: 'id' }, reason),
        h('span', { class: 'end' }, count(number)),
      ),
    ),
  )
  return card('Refused deliveries', [
    h('p', {}, `${count(total)} in 24 hours, at the replica that answered.`),
    summary.length > 0 && h('ul', { class: 'items' }, summary),
    refused.hours.length > 0 && h('h3', {}, 'By hour'),
    h('ul', { class: 'items' }, refused.hours.slice(-HOURS_SHOWN).reverse().map(hour)),
    h('h3', {}, 'Newest'),
    h('ul', { class: 'items' }, refused.newest.slice(0, SHOWN).map(delivery)),
  ])
}

function hour({ from, counts }) {
  const reasons = Object.entries(counts).map(([reason, number]) => `${reason}: ${count(number)}`)
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'line' },
      h('span', {}, `From ${clockTime(Date.parse(from))}`),
      h('span', { class: 'end muted' }, reasons.join(', ')),
    ),
  )
}

function delivery({ at, reason, peer, message_id: id, path }) {
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'line' },
      h('span', { class: 'id' }, reason),
      h('span', { class: 'end muted' }, relativeTime(at)),
    ),
    h('p', { class: 'muted' }, [peer && `From ${peer}`, id, path].filter(Boolean).join(' · ')),
  )
}
