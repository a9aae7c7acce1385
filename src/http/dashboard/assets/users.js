// List of users, sorted by ID or filtered by a search.

import { announce } from './announce.js'
import { get } from './api.js'
import { card, empty, load, userLink } from './components.js'
import { h } from './dom.js'
import { count } from './labels.js'
import { linkTo } from './route.js'
import { table } from './table.js'
import { relativeTime } from './time.js'

const PAGE_SIZE = 50

export function users({ query }, signal) {
  const content = h('div')
  load(
    content,
    signal,
    () => get(['users'], { query: query.query, cursor: query.cursor, limit: PAGE_SIZE }, signal),
    (found) => {
      if (query.query) announce(resultCount(found))
      return list(found, query)
    },
  )
  const caption = query.query
    ? h('p', { class: 'muted' }, 'Results for “', query.query, '”')
    : h('p', { class: 'muted' }, 'Sorted by user ID. Press ', h('kbd', {}, '/'), ' to search.')
  return h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Users'), caption),
    card(null, content, { flush: true }),
  )
}

function resultCount({ data, next_cursor: next }) {
  if (next) return `More than ${count(data.length)} users found.`
  return data.length === 1 ? '1 user found.' : `${count(data.length)} users found.`
}

function list({ data, next_cursor: next }, query) {
  const pageLink = (cursor, text) =>
    h('a', { class: 'button', href: linkTo(['users'], { ...query, cursor }) }, text)
  const nextPage = next && pageLink(next, 'Next page')
  const firstPage = query.cursor && pageLink(null, 'First page')
  const pager =
    (nextPage || firstPage) &&
    h('nav', { class: 'pager', 'aria-label': 'Pagination' }, firstPage, nextPage)
  return [data.length ? table('Users', COLUMNS, data) : noUsers(query, next), pager]
}

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

function noUsers(query, next) {
  if (next) return empty('No users on this page', 'To continue, choose “Next page”.')
  if (query.query)
    return empty(
      'No users found',
      'The search matches the beginning of email addresses, usernames and names, or a full ID.',
    )
  return empty(
    'No users yet',
    'New users arrive with webhooks. To import the users that Clerk already has, run:',
    h('br'),
    h('pre', {}, 'meetvo backfill'),
  )
}
