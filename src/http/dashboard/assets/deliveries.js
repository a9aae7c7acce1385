// What comes in, as it does.

import { get } from './api.js'
import { COLUMNS } from './columns.js'
import { h, put, renew } from './dom.js'
import { follow } from './live.js'
import { card, empty, trouble } from './parts.js'
import { to } from './route.js'
import { say } from './say.js'
import { table } from './table.js'
import { SECOND } from './time.js'
import { every, shortly, whileSeen } from './watch.js'
import { events as counted } from './words.js'

const SHOWN = 14

/** The newest. The feed tells of what changes something; for the rest one looks now and then. */
export function deliveries(signal) {
  const lamp = h('span', { class: 'live muted' }, 'now and then')
  const place = h('div')
  let newest = null
  const look = every(signal, 4 * SECOND, async () => {
    try {
      const { data } = await get(['events'], { limit: SHOWN }, signal)
      const before = newest
      const now = data[0]?.seq ?? 0
      if (before === now || !renew(place, list(data, before))) return
      newest = now
      const fresh = data.filter((event) => event.seq > before).length
      if (before !== null && fresh)
        say(`${counted(fresh)} came in. The newest: ${data[0].type ?? 'of no type'}, ${data[0].decision}.`)
    } catch (refusal) {
      if (signal.aborted) return
      newest = null
      put(place, trouble(refusal, look))
    }
  })
  whileSeen(signal, (seen) =>
    follow(seen, shortly(look), (on) => {
      lamp.classList.toggle('on', on)
      lamp.textContent = on ? 'live' : 'now and then'
    }),
  )
  return card('Deliveries', place, {
    end: [lamp, ' · ', h('a', { href: to(['events']) }, 'all events')],
    flush: true,
  })
}

function list(events, before) {
  if (!events.length) {
    return empty(
      'Nothing has come in yet',
      'Point an endpoint of Clerk’s at /webhooks/clerk, or post a made-up sign-up:',
      h('br'),
      h('pre', {}, 'meetvo trigger --scenario sign-up'),
    )
  }
  const marked = (event) => ({ class: before !== null && event.seq > before ? 'new' : null })
  return table('The newest deliveries', COLUMNS, events, marked)
}
