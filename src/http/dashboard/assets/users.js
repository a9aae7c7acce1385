// Users: all of them by their ids, or those with an address or a name that begins as one types.

import { get } from './api.js'
import { h } from './dom.js'
import { card, empty, load, person } from './parts.js'
import { to } from './route.js'
import { say } from './say.js'
import { table } from './table.js'
import { moment } from './time.js'
import { count } from './words.js'

export function users({ query }, signal) {
  const place = h('div')
  load(
    place,
    signal,
    () => get(['users'], { query: query.query, cursor: query.cursor, limit: 50 }, signal),
    (found) => {
      if (query.query) say(`${count(found.data.length)}${found.next_cursor ? ' and more' : ''} found.`)
      return list(found, query)
    },
  )
  const told = query.query
    ? h('p', { class: 'muted' }, 'with an address or a name that begins with “', query.query, '”')
    : h('p', { class: 'muted' }, 'in the order of their ids. To find somebody, press ', h('kbd', {}, '/'), '.')
  return h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Users'), told),
    card(null, place, { flush: true }),
  )
}

function list({ data, next_cursor: next }, query) {
  const more = next && h('a', { class: 'button', href: to(['users'], { ...query, cursor: next }) }, 'More')
  const first =
    query.cursor &&
    h('a', { class: 'button', href: to(['users'], { ...query, cursor: null }) }, 'From the beginning')
  const pager = (more || first) && h('nav', { class: 'pager', 'aria-label': 'Pages' }, first, more)
  return [data.length ? table('Users', COLUMNS, data) : nothing(query, next), pager]
}

const COLUMNS = [
  { name: 'Name', of: person },
  { name: 'Address', of: (user) => user.email ?? user.phone_number ?? '' },
  { name: 'Id', of: (user) => h('span', { class: 'id muted' }, user.id) },
  { name: 'State', of: states },
  { name: 'Signed up', kind: 'tight muted', of: (user) => user.created_at && moment(user.created_at) },
  {
    name: 'Last active',
    kind: 'tight muted',
    of: (user) =>
      (user.last_active_at ?? user.last_sign_in_at) && moment(user.last_active_at ?? user.last_sign_in_at),
  },
]

/** What is out of the ordinary about somebody. */
export function states(user) {
  return [
    user.banned && h('span', { class: 'badge failed' }, 'banned'),
    user.locked && h('span', { class: 'badge quarantined' }, 'locked'),
    user.email && user.email_verified === false && h('span', { class: 'badge' }, 'address not verified'),
  ].filter(Boolean)
}

function nothing(query, next) {
  if (next) return empty('Nothing so far', 'There is more to look through.')
  if (query.query)
    return empty(
      'Nobody is found',
      'Only the beginning of an address, a username or a name is compared, and a whole id.',
    )
  return empty(
    'Nobody is here yet',
    'Users come with their webhooks; those who were there before, with',
    h('br'),
    h('pre', {}, 'meetvo backfill'),
  )
}
