// Events, the newest first, by what became of them, their type, their user, and when they came in.

import { get } from './api.js'
import { COLUMNS } from './columns.js'
import { h } from './dom.js'
import { card, empty, load } from './parts.js'
import { reprocess, reprocessAll } from './reprocess.js'
import { to } from './route.js'
import { table } from './table.js'
import { DECISIONS, TYPES, isOpen, meaning } from './words.js'

const NAMES = ['decision', 'type', 'subject', 'received_after', 'received_before']

/** How many stretches of the table to look through for a page that holds something. */
const LOOKS = 8

export function events({ query }, signal) {
  const place = h('div')
  const read = () => page(query, signal)
  const again = () => load(place, signal, read, (found) => list(found, query))
  again()
  const all = isOpen(query.decision) && query.decision !== 'ignored' ? reprocessAll(query.decision, again) : []
  const head = h(
    'div',
    { class: 'head' },
    h('h1', {}, 'Events'),
    query.decision && h('p', { class: 'muted' }, meaning(query.decision)),
    h('div', { class: 'end line' }, all),
  )
  return h('div', {}, head, card(null, [filters(query), place], { flush: true }))
}

/** A page; where it is empty and not the last, what is behind it. */
async function page(query, signal) {
  let { cursor } = query
  for (let look = 1; ; look += 1) {
    const found = await get(['events'], { ...query, cursor, limit: 50 }, signal)
    if (found.data.length || !found.next_cursor || look === LOOKS) return found
    cursor = found.next_cursor
  }
}

function list({ data, next_cursor: next }, query) {
  const older = next && h('a', { class: 'button', href: to(['events'], { ...query, cursor: next }) }, 'Older')
  const newest =
    query.cursor && h('a', { class: 'button', href: to(['events'], { ...query, cursor: null }) }, 'Newest')
  const pager = (older || newest) && h('nav', { class: 'pager', 'aria-label': 'Pages' }, newest, older)
  if (!data.length)
    return [next ? empty('Nothing so far', 'There is more to look through.') : nothing(query), pager]
  return [table('Events', TOLD, data), pager]
}

const TOLD = [
  ...COLUMNS,
  {
    name: 'Why',
    of: (event) => h('span', { class: event.reason ? 'why said' : 'why' }, event.reason ?? short(event)),
  },
  {
    name: '',
    kind: 'act',
    of: (event) => (event.decision === 'failed' || event.decision === 'quarantined') && reprocess(event),
  },
]

/** What stands in a row where no reason is given: enough to see, and the rest is on the event's page. */
const short = (event) =>
  ({
    stale: 'nothing newer',
    ignored: 'not synced',
    tombstoned: 'user deleted',
    quarantined: event.instance_id ?? 'no instance',
  })[event.decision] ?? ''

function nothing(query) {
  if (query.decision === 'failed') return empty('No event failed', 'Every event was understood.')
  if (NAMES.some((name) => query[name]))
    return empty(
      'No such event',
      'None that is kept fits all of the filters. ',
      h('a', { href: to(['events']) }, 'Take them away'),
    )
  return empty('Nothing has come in yet', h('pre', {}, 'meetvo trigger --scenario sign-up'))
}

function filters(query) {
  const choice = [['all', null], ...DECISIONS.map((decision) => [decision, decision])].map(([name, decision]) =>
    h(
      'a',
      {
        href: to(['events'], { ...query, decision, cursor: null }),
        'aria-current': (query.decision ?? null) === decision ? 'true' : null,
      },
      name,
    ),
  )
  const field = (name, title, attributes) =>
    h(
      'label',
      attributes.long ? { class: 'long' } : {},
      h('span', {}, title),
      h('input', { name, autocomplete: 'off', ...attributes, long: null }),
    )
  const form = h(
    'form',
    { class: 'filters', onsubmit: apply },
    h('nav', { class: 'all', 'aria-label': 'Decision' }, h('div', { class: 'choice' }, choice)),
    field('type', 'Type', { list: 'types', value: query.type ?? '', placeholder: 'user.created' }),
    field('subject', 'User', {
      long: true,
      value: query.subject ?? '',
      placeholder: 'user_…',
      spellcheck: 'false',
    }),
    field('received_after', 'After', { type: 'datetime-local', step: 1, value: local(query.received_after) }),
    field('received_before', 'Before', {
      type: 'datetime-local',
      step: 1,
      value: local(query.received_before),
    }),
    h('button', { class: 'strong', type: 'submit' }, 'Show'),
    NAMES.slice(1).some((name) => query[name]) &&
      h('a', { class: 'button', href: to(['events'], { decision: query.decision }) }, 'Clear'),
    h(
      'datalist',
      { id: 'types' },
      TYPES.map((type) => h('option', { value: type })),
    ),
  )
  function apply(submitted) {
    submitted.preventDefault()
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]))
    for (const name of ['received_after', 'received_before'])
      if (given[name]) given[name] = new Date(given[name]).toISOString()
    location.hash = to(['events'], { decision: query.decision, ...given })
  }
  return form
}

/** An instant as the field takes it: in the time of whoever looks. */
function local(instant) {
  const at = new Date(instant ?? NaN)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
