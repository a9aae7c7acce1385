// Page of one event: its decision with the reason, its attributes, and its payload.

import { get } from './api.js'
import { badge, card, empty, fields, id, load } from './components.js'
import { canBeDismissed, dismissButton } from './dismiss.js'
import { h } from './dom.js'
import { json } from './json.js'
import { description, isOpen, remediation } from './labels.js'
import { reprocessButton } from './reprocess.js'
import { linkTo } from './route.js'
import { exactTime, relativeTime } from './time.js'

export function event({ path }, signal) {
  const content = h('div')
  const reload = () =>
    load(
      content,
      signal,
      () => get(['events', path[1]], {}, signal),
      (found) => page(found, reload),
    )
  reload()
  return content
}

function page(found, reload) {
  const user =
    found.subject && h('a', { class: 'id', href: linkTo(['users', found.subject]) }, found.subject)
  const organization =
    found.organization_id &&
    h(
      'a',
      { class: 'id', href: linkTo(['organizations', found.organization_id]) },
      found.organization_id,
    )
  const owners = [found.subject, found.organization_id]
  const objectId = !owners.includes(found.object_id) && found.object_id
  const details = fields([
    ['Event ID', id(found.id)],
    ['User', user],
    ['Organization', organization],
    ['Object', objectId ? id(objectId) : null],
    ['Occurred', found.occurred_at && bothTimes(found.occurred_at)],
    ['Received', bothTimes(found.received_at)],
    ['Dismissed', found.dismissed && [bothTimes(found.dismissed.at), ` by ${found.dismissed.by}`]],
    ['Signing secret', found.secret && h('span', { class: 'id' }, found.secret)],
    ['Clerk instance', found.instance_id && h('span', { class: 'id' }, found.instance_id)],
    ['Sequence number', String(found.seq)],
  ])
  const history =
    user &&
    h(
      'p',
      { class: 'muted' },
      h('a', { href: linkTo(['users', found.subject]) }, 'View the history of this user'),
    )
  return [
    h('div', { class: 'head' }, h('h1', {}, found.type ?? 'Event without a type')),
    h(
      'div',
      { class: 'event' },
      decisionBanner(found, reload),
      card('Details', [details, history]),
      payload(found),
    ),
  ]
}

function decisionBanner(found, reload) {
  const { decision, reason } = found
  return h(
    'section',
    { class: `card decision ${decision}`, 'aria-label': 'Decision' },
    badge(decision),
    h(
      'p',
      {},
      reason && h('strong', {}, `${reason}. `),
      description(decision),
      ' ',
      h('span', { class: 'muted' }, remediation(decision)),
    ),
    isOpen(decision) && reprocessButton(found, reload),
    canBeDismissed(decision) && dismissButton(found, reload),
  )
}

const bothTimes = (instant) => [exactTime(instant), ' · ', relativeTime(instant)]

function payload({ payload: value, type }) {
  if (value === null) {
    const text = type?.startsWith('meetvo.')
      ? 'The service created this event itself.'
      : 'The user or organization was deleted, the retention period has passed, or the payload ' +
        'was not JSON.'
    return card('Payload', empty('No payload is stored', text))
  }
  const { block, copy } = json(value, 'Payload')
  return card('Payload', block, { end: copy })
}
