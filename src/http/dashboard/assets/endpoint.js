// Page of one endpoint: details, success, operations, and the newest attempts.

import { apiUrl, get, send } from './api.js'
import { card, empty, errorText, fields, id, load, timeOrNull } from './components.js'
import { h, setChildren } from './dom.js'
import { endpointStatus, secretNotice } from './endpoints.js'
import { count } from './labels.js'
import { linkTo } from './route.js'
import { table } from './table.js'
import { relativeTime } from './time.js'

/** Number of attempts that are shown. */
const ATTEMPTS = 50

/** Time in milliseconds for which a button waits for the click that confirms it. */
const CONFIRM_TIME = 5000

export function endpoint({ path: [, endpointId] }, signal) {
  const content = h('div', { class: 'wide' })
  const result = h('div', { role: 'status' })
  const show = () =>
    load(
      content,
      signal,
      async () => {
        const [found, attempts] = await Promise.all([
          get(['endpoints', endpointId], {}, signal),
          get(['endpoints', endpointId, 'attempts'], { limit: ATTEMPTS }, signal),
        ])
        return { ...found, attempts: attempts.data }
      },
      (found) => page(found, result, show),
    )
  show()
  return content
}

function page(found, result, refresh) {
  return [
    h(
      'div',
      { class: 'head' },
      h('div', {}, h('h1', {}, found.url), h('p', { class: 'muted' }, id(found.id))),
      h('div', { class: 'end' }, endpointStatus(found)),
    ),
    h(
      'div',
      { class: 'user' },
      h('div', {}, detailsCard(found), deliveryCard(found)),
      h('div', {}, actionsCard(found, result, refresh), attemptsCard(found)),
    ),
  ]
}

const detailsCard = (endpoint) =>
  card(
    'Details',
    fields([
      ['Description', endpoint.description],
      ['Types', h('span', { class: 'id' }, endpoint.types.join(' '))],
      ['Headers', endpoint.header_names.join(', ')],
      ['Rate limit', endpoint.rate && `${count(endpoint.rate)} per second`],
      ['Secret', endpoint.rotating ? 'Rotated; the previous one is also used' : null],
      ['Disabled', timeOrNull(endpoint.disabled_at)],
      ['Created', timeOrNull(endpoint.created_at)],
      ['Last changed', timeOrNull(endpoint.updated_at)],
    ]),
  )

const percent = (rate) => `${(100 * rate).toFixed(1)} %`

const deliveryCard = (endpoint) =>
  card(
    'Messages',
    fields([
      ['Success', endpoint.success_rate === null ? 'no attempts yet' : percent(endpoint.success_rate)],
      ['Mean duration', endpoint.latency_ms === null ? null : `${count(endpoint.latency_ms)} ms`],
      ['Last success', timeOrNull(endpoint.delivered_at)],
      ['Waiting for a retry', count(endpoint.waiting)],
      ['Failed for good', count(endpoint.failed)],
    ]),
  )

function actionsCard(endpoint, result, refresh) {
  const path = ['v1', 'endpoints', endpoint.id]
  const post = (name, body) => send('POST', apiUrl([...path, name]), { body })
  const run = (action) => async () => {
    setChildren(result)
    let shown
    try {
      shown = (await action()) ?? null
    } catch (error) {
      shown = h('span', {}, errorText(error))
    }
    // The result comes last, because the refresh replaces the buttons.
    await refresh()
    setChildren(result, shown)
  }
  const button = (text, action) => h('button', { type: 'button', onclick: run(action) }, text)
  const isEnabled = endpoint.status === 'enabled'
  const test = async () => {
    const { delivered, problem } = await (await post('test')).json()
    return delivered ? 'The endpoint accepted the test message.' : `The test failed: ${problem}.`
  }
  const rotate = async () => secretNotice(await (await post('rotate')).json())
  const resend = async () => {
    await post('replay', { failed_since: '1970-01-01T00:00:00Z' })
    return 'The failed messages are sent again.'
  }
  const toggle = async () => void (await post(isEnabled ? 'disable' : 'enable'))
  const remove = async () => {
    await send('DELETE', apiUrl(path))
    location.hash = linkTo(['endpoints'])
  }
  return card('Operations', [
    h(
      'div',
      { class: 'filters' },
      button('Send test message', test),
      button(isEnabled ? 'Disable' : 'Enable', toggle),
      endpoint.failed > 0 && button('Send failed messages again', resend),
      confirmed('Rotate secret', run(rotate)),
      confirmed('Delete', run(remove)),
    ),
    result,
  ])
}

/** Button that acts after a second click. */
function confirmed(text, action) {
  const button = h('button', { type: 'button', onclick: confirm }, text)
  let isConfirmed = false
  function confirm() {
    if (isConfirmed) return action()
    isConfirmed = true
    button.textContent = `Confirm: ${text.toLowerCase()}`
    setTimeout(() => {
      isConfirmed = false
      button.textContent = text
    }, CONFIRM_TIME)
  }
  return button
}

const attemptsCard = (endpoint) =>
  card(
    'Newest attempts',
    endpoint.attempts.length
      ? table('Attempts', ATTEMPT_COLUMNS, endpoint.attempts)
      : empty('No attempts yet', 'The next change of a subscribed type is sent.'),
    { flush: true },
  )

const ATTEMPT_COLUMNS = [
  { name: 'Change', cell: (attempt) => h('span', { class: 'id' }, attempt.cursor) },
  { name: 'Attempt', cell: (attempt) => attempt.attempt },
  {
    name: 'Result',
    cell: (attempt) =>
      h('span', { class: `badge ${attempt.problem ? 'failed' : 'applied'}` }, attempt.problem ?? 'Delivered'),
  },
  { name: 'Duration', kind: 'nowrap', cell: (attempt) => `${count(attempt.duration_ms)} ms` },
  { name: 'Time', kind: 'nowrap muted', cell: (attempt) => relativeTime(attempt.at) },
]
