// Page of one user: profile, accounts, verifications, sessions, and the history of all events.

import { get } from './api.js'
import { avatar, card, fields, id, load } from './components.js'
import { h, setChildren } from './dom.js'
import { historyCard } from './history.js'
import { json } from './json.js'
import { count, displayName } from './labels.js'
import { relativeTime } from './time.js'
import { userBadges } from './users.js'

/** Maximum number of accounts, verifications or sessions that are shown. */
const PAGE_SIZE = 100

export function user({ path: [, userId] }, signal) {
  const content = h('div', { class: 'wide' })
  load(
    content,
    signal,
    () => readUser(userId, signal),
    (found) => (found ? page(found, signal) : missingPage(userId, signal)),
  )
  return content
}

/** Reads a user, or returns null if there is none. The history of a deleted user is still shown. */
const readUser = (userId, signal) =>
  get(['users', userId], {}, signal).catch((error) => {
    if (error.status !== 404) throw error
    return null
  })

function page(found, signal) {
  return [
    h(
      'div',
      { class: 'head' },
      avatar(found, 'large'),
      h('div', {}, h('h1', {}, displayName(found)), h('p', { class: 'muted' }, id(found.id))),
      userBadges(found),
    ),
    h(
      'div',
      { class: 'user' },
      h(
        'div',
        {},
        profileCard(found),
        listCard('Linked accounts', 'accounts', found.id, signal, account, 'No linked accounts.'),
        listCard(
          'Verifications',
          'verifications',
          found.id,
          signal,
          verification,
          'No verifications.',
        ),
        metadataCard('Public metadata', found.public_metadata),
        metadataCard('Unsafe metadata', found.unsafe_metadata),
      ),
      h(
        'div',
        {},
        listCard('Sessions', 'sessions', found.id, signal, session, 'No sessions.'),
        historyCard(found.id, signal),
      ),
    ),
  ]
}

function missingPage(userId, signal) {
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', {}, 'User not found'),
      h('p', { class: 'muted' }, id(userId)),
    ),
    h(
      'p',
      { class: 'notice' },
      'The user has been deleted or is not synced yet. Of a deleted user, only the ID and the ',
      'time of the deletion are stored. The events about this ID are listed below.',
    ),
    historyCard(userId, signal),
  ]
}

const yesOrNo = (value) => (value === null ? null : value ? 'yes' : 'no')
const timeOrNull = (instant) => instant && relativeTime(instant)

const profileCard = (user) =>
  card(
    'Profile',
    fields([
      ['Name', [user.first_name, user.last_name].filter(Boolean).join(' ')],
      ['Username', user.username],
      [
        'Email address',
        user.email && [user.email, user.email_verified ? ' (verified)' : ' (not verified)'],
      ],
      ['Phone number', user.phone_number],
      ['External ID', user.external_id && id(user.external_id)],
      ['Password set', yesOrNo(user.password_enabled)],
      ['Two-factor', yesOrNo(user.two_factor_enabled)],
      ['Signed up', timeOrNull(user.created_at)],
      ['Last sign-in', timeOrNull(user.last_sign_in_at)],
      ['Last active', timeOrNull(user.last_active_at)],
      ['Last updated', timeOrNull(user.updated_at)],
    ]),
  )

/** Card with a list that belongs to the user. */
function listCard(title, resource, userId, signal, show, emptyText) {
  const content = h('div')
  const number = h('span', { class: 'muted' })
  load(
    content,
    signal,
    () => get(['users', userId, resource], { limit: PAGE_SIZE }, signal),
    ({ data, next_cursor: next }) => {
      setChildren(number, data.length ? `${count(data.length)}${next ? '+' : ''}` : '')
      return data.length
        ? h(
            'ul',
            { class: 'items' },
            data.map((item) => h('li', {}, show(item))),
          )
        : h('p', { class: 'muted' }, emptyText)
    },
  )
  return card(title, content, { end: number })
}

const account = (item) => [
  h(
    'div',
    { class: 'line' },
    h('strong', {}, item.provider_id ?? 'unknown'),
    h('span', {}, item.email ?? item.username ?? ''),
    h('span', { class: 'end muted' }, item.status ?? ''),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', { class: 'id' }, item.id),
    item.created_at && h('span', { class: 'end' }, 'linked ', relativeTime(item.created_at)),
  ),
]

const verification = (item) => [
  h(
    'div',
    { class: 'line' },
    h('span', {}, item.identifier ?? item.id),
    h(
      'span',
      { class: `end badge ${item.status === 'verified' ? 'applied' : ''}` },
      item.status ?? 'not verified',
    ),
  ),
  h('div', { class: 'line muted' }, item.kind, item.strategy && ` by ${item.strategy}`),
]

const session = (item) => [
  h(
    'div',
    { class: 'line' },
    h('span', { class: `badge ${item.status === 'active' ? 'applied' : ''}` }, item.status),
    h('span', { class: 'id' }, item.id),
    h(
      'span',
      { class: 'end muted' },
      item.created_at && ['started ', relativeTime(item.created_at)],
      item.last_active_at && [' · active ', relativeTime(item.last_active_at)],
    ),
  ),
  h(
    'p',
    { class: 'muted' },
    [item.ip_address, item.user_agent].filter(Boolean).join(' · ') ||
      'IP address and user agent unknown',
  ),
]

function metadataCard(title, value) {
  if (!value || !Object.keys(value).length) return null
  const { block, copy } = json(value, title)
  return card(title, block, { end: copy })
}
