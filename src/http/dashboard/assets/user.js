// One user: who it is, what is theirs, and everything that ever came in about them, with what became of it.

import { get } from './api.js'
import { h, put } from './dom.js'
import { history } from './history.js'
import { json } from './json.js'
import { card, face, fields, id, load } from './parts.js'
import { moment } from './time.js'
import { count, named } from './words.js'
import { states } from './users.js'

const PAGE = 100

export function user({ path: [, user] }, signal) {
  const profile = h('div', { class: 'wide' })
  load(
    profile,
    signal,
    () => read(user, signal),
    (found) => (found ? page(found, user, signal) : gone(user, signal)),
  )
  return profile
}

/** The user; null where there is none. Of somebody who is gone the story is still there. */
const read = (user, signal) =>
  get(['users', user], {}, signal).catch((refusal) => {
    if (refusal.status !== 404) throw refusal
    return null
  })

function page(found, user, signal) {
  return [
    h(
      'div',
      { class: 'head' },
      face(found, 'large'),
      h('div', {}, h('h1', {}, named(found)), h('p', { class: 'muted' }, id(found.id))),
      states(found),
    ),
    h(
      'div',
      { class: 'user' },
      h(
        'div',
        {},
        profile(found),
        owned('Accounts', 'accounts', user, signal, account, 'No account is linked.'),
        owned('Verifications', 'verifications', user, signal, verification, 'Nothing was verified.'),
        metadata('Public metadata', found.public_metadata),
        metadata('Unsafe metadata', found.unsafe_metadata),
      ),
      h(
        'div',
        {},
        owned('Sessions', 'sessions', user, signal, session, 'No session is known.'),
        history(user, signal),
      ),
    ),
  ]
}

function gone(user, signal) {
  return [
    h('div', { class: 'head' }, h('h1', {}, 'No user with this id'), h('p', { class: 'muted' }, id(user))),
    h(
      'p',
      { class: 'notice' },
      'Either the user is deleted, of whom an id and a time stay, or their webhook has not come yet. What came in about them stands below.',
    ),
    history(user, signal),
  ]
}

const yes = (value) => (value === null ? null : value ? 'yes' : 'no')
const at = (instant) => instant && moment(instant)

const profile = (user) =>
  card(
    'Profile',
    fields([
      ['Name', [user.first_name, user.last_name].filter(Boolean).join(' ')],
      ['Username', user.username],
      ['Address', user.email && [user.email, user.email_verified ? ' (verified)' : ' (not verified)']],
      ['Phone', user.phone_number],
      ['External id', user.external_id && id(user.external_id)],
      ['Password', yes(user.password_enabled)],
      ['Second factor', yes(user.two_factor_enabled)],
      ['Signed up', at(user.created_at)],
      ['Last sign-in', at(user.last_sign_in_at)],
      ['Last active', at(user.last_active_at)],
      ['Changed', at(user.updated_at)],
    ]),
  )

/** A list of what is theirs. */
function owned(title, kind, user, signal, show, none) {
  const place = h('div')
  const number = h('span', { class: 'muted' })
  load(
    place,
    signal,
    () => get(['users', user, kind], { limit: PAGE }, signal),
    ({ data, next_cursor: more }) => {
      put(number, data.length ? `${count(data.length)}${more ? ' and more' : ''}` : '')
      return data.length
        ? h(
            'ul',
            { class: 'items' },
            data.map((item) => h('li', {}, show(item))),
          )
        : h('p', { class: 'muted' }, none)
    },
  )
  return card(title, place, { end: number })
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
    item.created_at && h('span', { class: 'end' }, 'linked ', moment(item.created_at)),
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
      item.created_at && ['begun ', moment(item.created_at)],
      item.last_active_at && [' · active ', moment(item.last_active_at)],
    ),
  ),
  h(
    'p',
    { class: 'muted' },
    [item.ip_address, item.user_agent].filter(Boolean).join(' · ') || 'It is not known from where.',
  ),
]

function metadata(title, value) {
  if (!value || !Object.keys(value).length) return null
  const { shown, copy } = json(value, title)
  return card(title, shown, { end: copy })
}
