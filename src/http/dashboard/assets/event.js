// One event: what became of it, why, and what was in it.

import { get } from './api.js'
import { h } from './dom.js'
import { json } from './json.js'
import { badge, card, empty, fields, id, load } from './parts.js'
import { reprocess } from './reprocess.js'
import { to } from './route.js'
import { exact, moment } from './time.js'
import { isOpen, meaning, mend } from './words.js'

export function event({ path }, signal) {
  const place = h('div')
  const again = () =>
    load(
      place,
      signal,
      () => get(['events', path[1]], {}, signal),
      (found) => page(found, again),
    )
  again()
  return place
}

function page(found, again) {
  const { decision } = found
  const verdict = h(
    'section',
    { class: `card verdict ${decision}`, 'aria-label': 'What became of it' },
    badge(decision),
    h(
      'p',
      {},
      found.reason && h('strong', {}, `${found.reason}. `),
      meaning(decision),
      ' ',
      h('span', { class: 'muted' }, mend(decision)),
    ),
    isOpen(decision) && reprocess(found, again),
  )
  const user =
    found.subject && h('span', {}, h('a', { class: 'id', href: to(['users', found.subject]) }, found.subject))
  const about = fields([
    ['Event', id(found.id)],
    ['About', user],
    ['Object', found.object_id !== found.subject && found.object_id ? id(found.object_id) : null],
    ['Happened', found.occurred_at && [exact(found.occurred_at), ' · ', moment(found.occurred_at)]],
    ['Came in', [exact(found.received_at), ' · ', moment(found.received_at)]],
    ['Signed with', found.secret && h('span', { class: 'id' }, found.secret)],
    ['Instance', found.instance_id && h('span', { class: 'id' }, found.instance_id)],
    ['Commit', `number ${found.seq}`],
  ])
  const story =
    user &&
    h('p', { class: 'muted' }, h('a', { href: to(['users', found.subject]) }, 'Everything of this user'))
  return [
    h('div', { class: 'head' }, h('h1', {}, found.type ?? 'An event of no type')),
    h('div', { class: 'event' }, verdict, card('What is known of it', [about, story]), payload(found)),
  ]
}

function payload({ payload: value, type }) {
  if (value === null) {
    const text = type?.startsWith('meetvo.')
      ? 'The service made this event itself.'
      : 'Its user is deleted, it is older than payloads are kept, or it was no JSON.'
    return card('Payload', empty('Nothing is kept of it', text))
  }
  const { shown, copy } = json(value, 'Payload')
  return card('Payload', shown, { end: copy })
}
