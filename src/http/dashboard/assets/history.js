// Card with all events about a user or an organization, newest first, each with its decision and
// reason.

import { get } from './api.js'
import { badge, card, empty, load } from './components.js'
import { h } from './dom.js'
import { NO_TYPE, description } from './labels.js'
import { reprocessButton } from './reprocess.js'
import { linkTo } from './route.js'
import { exactTime, relativeTime } from './time.js'

/** Number of events on a page of the history. */
const PAGE_SIZE = 30

/** Returns the card. `filter` is the filter of the events, and `noun` names what they are about. */
export function historyCard(filter, noun, signal) {
  const timeline = h('ol', { class: 'timeline' })
  const footer = h('div', { role: 'status' })
  const loadPage = (cursor) =>
    load(
      footer,
      signal,
      () => get(['events'], { ...filter, limit: PAGE_SIZE, cursor }, signal),
      ({ data, next_cursor: next }) => {
        timeline.append(...data.map((event) => entry(event, Object.values(filter))))
        if (next)
          return h('button', { type: 'button', onclick: () => loadPage(next) }, 'Load older')
        return (
          !timeline.children.length &&
          empty(
            `No events for this ${noun}`,
            'None have been received, or they are older than the retention period.',
          )
        )
      },
    )
  loadPage()
  return card('Event history', [timeline, footer], {
    end: h('a', { href: linkTo(['events'], filter) }, 'View in Events'),
  })
}

function entry(event, owners) {
  const hasOtherObject = event.object_id && !owners.includes(event.object_id)
  const isProblem = event.decision === 'failed' || event.decision === 'quarantined'
  return h(
    'li',
    { class: event.decision },
    h(
      'div',
      { class: 'items' },
      h(
        'div',
        { class: 'line' },
        h('a', { class: 'main', href: linkTo(['events', event.id]) }, event.type ?? NO_TYPE),
        badge(event.decision),
        hasOtherObject && h('span', { class: 'id muted' }, event.object_id),
        h(
          'span',
          { class: 'end muted', title: exactTime(event.received_at) },
          relativeTime(event.received_at),
        ),
      ),
    ),
    h(
      'p',
      { class: event.reason ? 'reason given' : 'reason' },
      event.reason ?? description(event.decision),
      isProblem && [' ', reprocessButton(event)],
    ),
  )
}
