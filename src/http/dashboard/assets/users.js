// List of users, sorted by ID or filtered by a search.

import { empty, userLink } from './components.js'
import { h } from './dom.js'
import { objectList } from './object-list.js'
import { relativeTime } from './time.js'

const lastActive = (user) => user.last_active_at ?? user.last_sign_in_at

const COLUMNS = [
  { name: 'Name', cell: userLink },
  { name: 'Email or phone', cell: (user) => user.email ?? user.phone_number ?? '' },
  { name: 'User ID', cell: (user) => h('span', { class: 'id muted' }, user.id) },
  { name: 'Status', cell: userBadges },
  {
    name: 'Signed up',
    kind: 'nowrap muted',
    cell: (user) => user.created_at && relativeTime(user.created_at),
  },
  {
    name: 'Last active',
    kind: 'nowrap muted',
    cell: (user) => lastActive(user) && relativeTime(lastActive(user)),
  },
]

export const users = objectList({
  path: 'users',
  one: 'user',
  many: 'users',
  columns: COLUMNS,
  matches: 'email addresses, usernames and names',
  none: () =>
    empty(
      'No users yet',
      'New users arrive with webhooks. To import the users that Clerk already has, run:',
      h('br'),
      h('pre', {}, 'meetvo backfill'),
    ),
})

/** Returns a badge for each restriction of a user. */
export function userBadges(user) {
  return [
    user.banned && h('span', { class: 'badge failed' }, 'Banned'),
    user.locked && h('span', { class: 'badge quarantined' }, 'Locked'),
    user.email &&
      user.email_verified === false &&
      h('span', { class: 'badge' }, 'Email not verified'),
  ].filter(Boolean)
}
