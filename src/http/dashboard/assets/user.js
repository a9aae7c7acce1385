// Page of one user: profile, accounts, verifications, memberships, billing, sessions, and the history
// of all events.

import { get } from './api.js'
import { billingCards } from './billing.js'
import {
  avatar,
  card,
  fields,
  id,
  load,
  organizationLink,
  timeOrNull,
} from './components.js'
import { h } from './dom.js'
import { historyCard } from './history.js'
import { metadataCard } from './json.js'
import { displayName } from './labels.js'
import { listCard } from './list-card.js'
import { relativeTime } from './time.js'
import { userBadges } from './users.js'

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

const history = (userId, signal) => historyCard({ subject: userId }, 'user', signal)

function page(found, signal) {
  const list = (title, resource, show, emptyText, complete) =>
    listCard(title, ['users', found.id, resource], signal, show, emptyText, complete)
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
        list('Linked accounts', 'accounts', account, 'No linked accounts.'),
        list('Verifications', 'verifications', verification, 'No verifications.'),
        list('Organizations', 'memberships', membership, 'No memberships.', (memberships) =>
          readOrganizations(memberships, signal),
        ),
        billingCards('users', found.id, signal),
        metadataCard('Public metadata', found.public_metadata),
        metadataCard('Unsafe metadata', found.unsafe_metadata),
      ),
      h(
        'div',
        {},
        list('Sessions', 'sessions', session, 'No sessions.'),
        history(found.id, signal),
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
    history(userId, signal),
  ]
}

const yesOrNo = (value) => (value === null ? null : value ? 'yes' : 'no')

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

const membership = (item, organizations) => [
  h(
    'div',
    { class: 'line' },
    organizationLink(organizations.get(item.organization_id) ?? { id: item.organization_id }),
    h('span', { class: 'end badge' }, item.role ?? 'no role'),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', { class: 'id' }, item.id),
    item.created_at && h('span', { class: 'end' }, 'joined ', relativeTime(item.created_at)),
  ),
]

/** Returns the organizations of memberships, by ID. */
async function readOrganizations(memberships, signal) {
  const ids = memberships.map((item) => item.organization_id)
  if (!ids.length) return new Map()
  const { data } = await get(['organizations'], { id: ids, limit: ids.length }, signal)
  return new Map(data.map((organization) => [organization.id, organization]))
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
