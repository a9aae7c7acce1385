// Columns shared by all tables of events.

import { badge } from './components.js'
import { h } from './dom.js'
import { NO_TYPE } from './labels.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

const type = (event) =>
  h(
    'a',
    { class: 'main', href: linkTo(['events', event.id]), title: event.type },
    event.type ?? NO_TYPE,
  )

/** Returns a link to the user of an event, or the ID of its object if it has no user. */
const subject = ({ subject: user, object_id: object }) =>
  user
    ? h('a', { class: 'id', href: linkTo(['users', user]), title: user }, user)
    : object && h('span', { class: 'id muted', title: object }, object)

export const EVENT_COLUMNS = [
  { name: 'Received', kind: 'nowrap muted', cell: (event) => relativeTime(event.received_at) },
  { name: 'Event type', kind: 'truncate', cell: type },
  { name: 'User or object', kind: 'truncate', cell: subject },
  { name: 'Decision', kind: 'nowrap', cell: (event) => badge(event.decision) },
]
