// Card with the newest events, updated live.

import { get } from './api.js'
import { followChanges } from './change-feed.js'
import { announce } from './announce.js'
import { card, empty, errorNotice } from './components.js'
import { h, setChildren, setChildrenUnlessFocused } from './dom.js'
import { EVENT_COLUMNS } from './event-columns.js'
import { NO_TYPE, countEvents, label } from './labels.js'
import { coalesce, poll, whileVisible } from './polling.js'
import { linkTo } from './route.js'
import { table } from './table.js'
import { SECOND } from './time.js'

/** Number of events that the card shows. */
const SHOWN = 14

const INTERVAL_SECONDS = 4

const ON = 'Live'
const OFF = `Updates every ${INTERVAL_SECONDS} s`

/** Returns the card. The card also polls, because the change feed reports only events that change
    data. */
export function deliveriesCard(signal) {
  const feedStatus = h('span', { class: 'feed-status muted' }, OFF)
  const content = h('div')
  let newest = null
  const update = poll(signal, INTERVAL_SECONDS * SECOND, async () => {
    try {
      const { data } = await get(['events'], { limit: SHOWN }, signal)
      const previous = newest
      const current = data[0]?.seq ?? 0
      if (previous === current || !setChildrenUnlessFocused(content, list(data, previous))) return
      newest = current
      const added = data.filter((event) => event.seq > previous).length
      if (previous !== null && added) {
        const latest = `${data[0].type ?? NO_TYPE}, ${label(data[0].decision)}`
        announce(`${countEvents(added)} received. Latest: ${latest}.`)
      }
    } catch (error) {
      if (signal.aborted) return
      newest = null
      setChildren(content, errorNotice(error, update))
    }
  })
  whileVisible(signal, (visible) =>
    followChanges(visible, coalesce(update), (isConnected) => {
      feedStatus.classList.toggle('on', isConnected)
      feedStatus.textContent = isConnected ? ON : OFF
    }),
  )
  return card('Event deliveries', content, {
    end: [feedStatus, ' · ', h('a', { href: linkTo(['events']) }, 'View all events')],
    flush: true,
  })
}

function list(events, previous) {
  if (!events.length) {
    return empty(
      'No events yet',
      'In Clerk, add a webhook endpoint with the path /webhooks/clerk. To send a test event, run:',
      h('br'),
      h('pre', {}, 'meetvo trigger --scenario sign-up'),
    )
  }
  const isNew = (event) => previous !== null && event.seq > previous
  return table('Newest event deliveries', EVENT_COLUMNS, events, (event) => ({
    class: isNew(event) ? 'new' : null,
  }))
}
