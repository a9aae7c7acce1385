// The columns that every table of events has.

import { h } from './dom.js'
import { badge } from './parts.js'
import { to } from './route.js'
import { moment } from './time.js'

const type = (event) =>
  h('a', { class: 'main', href: to(['events', event.id]), title: event.type }, event.type ?? 'of no type')

/** The user whom it is about, or else the thing. */
const about = ({ subject, object_id: object }) =>
  subject
    ? h('a', { class: 'id', href: to(['users', subject]), title: subject }, subject)
    : object && h('span', { class: 'id muted', title: object }, object)

export const COLUMNS = [
  { name: 'Came in', kind: 'tight muted', of: (event) => moment(event.received_at) },
  { name: 'Type', kind: 'clip', of: type },
  { name: 'About', kind: 'clip', of: about },
  { name: 'Decision', kind: 'tight', of: (event) => badge(event.decision) },
]
