// What waits for somebody: failed and quarantined events, the newest of them.

import { get } from './api.js'
import { h, renew } from './dom.js'
import { badge, card, empty, load } from './parts.js'
import { reprocess } from './reprocess.js'
import { to } from './route.js'
import { moment } from './time.js'

export function attention(signal) {
  const place = h('div')
  let shown = null
  const read = async () => {
    const pages = await Promise.all(
      ['failed', 'quarantined'].map((decision) => get(['events'], { decision, limit: 4 }, signal)),
    )
    const events = pages.flatMap((page) => page.data)
    return events.sort((one, other) => other.seq - one.seq).slice(0, 5)
  }
  const look = async () => {
    const events = await read().catch(() => null)
    const now = JSON.stringify(events)
    // What one has pressed stays, with what it came to.
    if (events && now !== shown && renew(place, waiting(events))) shown = now
  }
  load(place, signal, read, (events) => {
    shown = JSON.stringify(events)
    return waiting(events)
  })
  const more = ['failed', 'quarantined'].map((decision) =>
    h('a', { href: to(['events'], { decision }) }, decision),
  )
  return { look, card: card('Waiting for you', place, { end: [more[0], ' · ', more[1]] }) }
}

function waiting(events) {
  if (!events.length) return empty('Nothing waits for you', 'Every event was understood.')
  return h(
    'ul',
    { class: 'items' },
    events.map((event) =>
      h(
        'li',
        {},
        h(
          'div',
          { class: 'line' },
          badge(event.decision),
          h('a', { class: 'main', href: to(['events', event.id]) }, event.type ?? 'of no type'),
          h('span', { class: 'end muted' }, moment(event.received_at)),
        ),
        h(
          'div',
          { class: 'line' },
          h('span', {}, event.reason ?? event.instance_id ?? ''),
          h('span', { class: 'end' }, reprocess(event)),
        ),
      ),
    ),
  )
}
