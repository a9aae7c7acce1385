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

const idLink = (section, id) => h('a', { class: 'id', href: linkTo([section, id]), title: id }, id)

/** Returns a link to the user or else the organization of an event, or the ID of its object. */
const subject = ({ subject: user, organization_id: organization, object_id: object }) => {
  if (user) return idLink('users', user)
  if (organization) return idLink('organizations', organization)
  return object && h('span', { class: 'id muted', title: object }, object)
}

export const EVENT_COLUMNS = [
  { name: 'Received', kind: 'nowrap muted', cell: (event) => relativeTime(event.received_at) },
  { name: 'Event type', kind: 'truncate', cell: type },
  { name: 'User or object', kind: 'truncate', cell: subject },
  { name: 'Decision', kind: 'nowrap', cell: (event) => badge(event.decision) },
]
