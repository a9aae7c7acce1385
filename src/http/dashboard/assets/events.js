// List of events, newest first, with filters by decision, type, user, organization and time of
// receipt.

import { get } from './api.js'
import { card, empty, load } from './components.js'
import { canBeDismissed } from './dismiss.js'
import { h } from './dom.js'
import { EVENT_COLUMNS } from './event-columns.js'
import { COMMON_TYPES, DECISIONS, description, isOpen, label, tooltip } from './labels.js'
import { groupList, readGroups } from './reason-groups.js'
import { reprocessAllButton, reprocessButton } from './reprocess.js'
import { linkTo } from './route.js'
import { table } from './table.js'

const FILTERS = [
  'decision',
  'type',
  'subject',
  'organization_id',
  'received_after',
  'received_before',
]

/** Maximum number of requests until a page contains an event. */
const MAX_REQUESTS = 8

export function events({ query }, signal) {
  const content = h('div')
  const read = () => readPage(query, signal)
  const reload = () => load(content, signal, read, (found) => list(found, query))
  reload()
  const canReprocessAll = isOpen(query.decision) && query.decision !== 'ignored'
  const head = h(
    'div',
    { class: 'head' },
    h('h1', {}, 'Events'),
    query.decision && h('p', { class: 'muted' }, description(query.decision)),
    h(
      'div',
      { class: 'end line' },
      canReprocessAll ? reprocessAllButton(query.decision, reload) : [],
    ),
  )
  return h(
    'div',
    {},
    head,
    canBeDismissed(query.decision) && reasonsCard(query.decision, signal, reload),
    card(null, [filters(query), content], { flush: true }),
  )
}

/** Card with the events of a decision by reason. Calls `onChange` after a dismissal. */
function reasonsCard(decision, signal, onChange) {
  const content = h('div')
  const read = () => readGroups([decision], signal)
  const update = () =>
    load(content, signal, read, (groups) =>
      groups.length ? groupList(groups, updateAll) : empty(`No ${decision} events`),
    )
  const updateAll = () => {
    update()
    onChange()
  }
  update()
  return card('By reason', content)
}

/** Reads a page. The API bounds the rows that one request scans, so a page can be empty although
    later pages contain events. */
async function readPage(query, signal) {
  let { cursor } = query
  for (let requests = 1; ; requests += 1) {
    const found = await get(['events'], { ...query, cursor, limit: 50 }, signal)
    if (found.data.length || !found.next_cursor || requests === MAX_REQUESTS) return found
    cursor = found.next_cursor
  }
}

function list({ data, next_cursor: next }, query) {
  const pageLink = (cursor, text) =>
    h('a', { class: 'button', href: linkTo(['events'], { ...query, cursor }) }, text)
  const older = next && pageLink(next, 'Older')
  const newest = query.cursor && pageLink(null, 'Newest')
  const pager =
    (older || newest) && h('nav', { class: 'pager', 'aria-label': 'Pagination' }, newest, older)
  if (data.length) return [table('Events', COLUMNS, data), pager]
  const unfinished = () =>
    empty('No matching events so far', 'To search older events, choose “Older”.')
  return [next ? unfinished() : noEvents(query), pager]
}

const COLUMNS = [
  ...EVENT_COLUMNS,
  {
    name: 'Reason',
    cell: (event) =>
      h(
        'span',
        { class: event.reason ? 'reason given' : 'reason' },
        event.reason ?? shortReason(event),
      ),
  },
  {
    name: '',
    kind: 'actions',
    cell: (event) => canBeDismissed(event.decision) && reprocessButton(event),
  },
]

/** Returns the text for an event without a reason. The page of the event has the full text. */
const shortReason = (event) =>
  ({
    stale: 'older than the stored data',
    ignored: 'type not synced',
    tombstoned: 'object deleted',
    quarantined: event.instance_id ?? 'no Clerk instance',
  })[event.decision] ?? ''

function noEvents(query) {
  const hasFilters = FILTERS.slice(1).some((name) => query[name])
  if (query.decision === 'failed' && !hasFilters)
    return empty('No failed events', 'No action is needed.')
  if (query.decision || hasFilters)
    return empty(
      'No matching events',
      'No stored event matches all filters. ',
      h('a', { href: linkTo(['events']) }, 'Clear filters'),
    )
  return empty(
    'No events yet',
    'To send a test event, run:',
    h('br'),
    h('pre', {}, 'meetvo trigger --scenario sign-up'),
  )
}

function filters(query) {
  const choices = [null, ...DECISIONS].map((decision) =>
    h(
      'a',
      {
        href: linkTo(['events'], { ...query, decision, cursor: null }),
        title: decision && tooltip(decision),
        'aria-current': (query.decision ?? null) === decision ? 'true' : null,
      },
      decision ? label(decision) : 'All',
    ),
  )
  const field = (name, title, attributes, className = null) =>
    h(
      'label',
      { class: className },
      h('span', {}, title),
      h('input', { name, autocomplete: 'off', ...attributes }),
    )
  const timeField = (name, title) =>
    field(name, title, { type: 'datetime-local', step: 1, value: localTime(query[name]) })
  const hasFilters = FILTERS.slice(1).some((name) => query[name])
  const form = h(
    'form',
    { class: 'filters', onsubmit: apply },
    h(
      'nav',
      { class: 'full-width', 'aria-label': 'Filter by decision' },
      h('div', { class: 'segmented' }, choices),
    ),
    field('type', 'Event type', {
      list: 'types',
      value: query.type ?? '',
      placeholder: 'user.created',
    }),
    field(
      'subject',
      'User ID',
      { value: query.subject ?? '', placeholder: 'user_…', spellcheck: 'false' },
      'long',
    ),
    field(
      'organization_id',
      'Organization ID',
      { value: query.organization_id ?? '', placeholder: 'org_…', spellcheck: 'false' },
      'long',
    ),
    timeField('received_after', 'Received after'),
    timeField('received_before', 'Received before'),
    h('button', { class: 'primary', type: 'submit' }, 'Apply'),
    hasFilters &&
      h(
        'a',
        { class: 'button', href: linkTo(['events'], { decision: query.decision }) },
        'Clear filters',
      ),
    h(
      'datalist',
      { id: 'types' },
      COMMON_TYPES.map((type) => h('option', { value: type })),
    ),
  )
  function apply(submitted) {
    submitted.preventDefault()
    const values = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, value.trim()]),
    )
    for (const name of ['received_after', 'received_before'])
      if (values[name]) values[name] = new Date(values[name]).toISOString()
    location.hash = linkTo(['events'], { decision: query.decision, ...values })
  }
  return form
}

/** Converts a timestamp to the browser's time zone, in the format of a `datetime-local` field. */
function localTime(instant) {
  const date = new Date(instant ?? NaN)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
