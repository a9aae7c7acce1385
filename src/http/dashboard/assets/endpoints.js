// List of the endpoints to which changes are pushed, and the form that creates one.

import { apiUrl, get, send } from './api.js'
import { card, empty, errorNotice, id, load } from './components.js'
import { h, setChildren } from './dom.js'
import { linkTo } from './route.js'
import { table } from './table.js'
import { relativeTime } from './time.js'

export function endpoints(route, signal) {
  const content = h('div')
  const show = () =>
    load(
      content,
      signal,
      () => get(['endpoints'], {}, signal),
      ({ data }) => (data.length ? table('Endpoints', COLUMNS, data) : none()),
    )
  show()
  return h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Endpoints')),
    h(
      'div',
      { class: 'stack' },
      card('', content, { flush: true }),
      card('New endpoint', newEndpointForm(show)),
    ),
  )
}

const none = () =>
  empty('No endpoints yet', 'The service sends each change to your endpoints, signed and with retries.')

const COLUMNS = [
  {
    name: 'Endpoint',
    cell: (endpoint) =>
      h('a', { class: 'main', href: linkTo(['endpoints', endpoint.id]) }, endpoint.url),
  },
  { name: 'Description', cell: (endpoint) => endpoint.description },
  { name: 'Types', cell: (endpoint) => h('span', { class: 'id' }, endpoint.types.join(' ')) },
  { name: 'Status', cell: endpointStatus },
]

/** Returns the status of an endpoint, with its reason. */
export function endpointStatus(endpoint) {
  if (endpoint.status === 'disabled')
    return h('span', { class: 'badge failed' }, `Disabled (${endpoint.disabled_reason})`)
  if (endpoint.failing_since)
    return h(
      'span',
      {},
      h('span', { class: 'badge quarantined' }, 'Failing'),
      ' since ',
      relativeTime(endpoint.failing_since),
    )
  return h('span', { class: 'badge applied' }, 'Enabled')
}

/** Returns the notice with a signing secret, which is shown once. */
export const secretNotice = (endpoint) =>
  h(
    'div',
    { class: 'notice', role: 'status' },
    h('p', {}, 'Signing secret. Store it now, because it is not shown again:'),
    h('p', {}, id(endpoint.secret)),
  )

function newEndpointForm(onCreated) {
  const input = (name, attributes) =>
    h('input', { name, autocomplete: 'off', spellcheck: 'false', ...attributes })
  const url = input('url', { type: 'url', required: true, placeholder: 'https://' })
  const types = input('types', { required: true, value: '*' })
  const description = input('description', { maxlength: 256 })
  const button = h('button', { class: 'primary', type: 'submit' }, 'Create endpoint')
  const result = h('div', { class: 'full-width' })
  const labeled = (text, element) =>
    h('label', { class: 'long' }, h('span', {}, text), element)
  async function submit(submitted) {
    submitted.preventDefault()
    button.disabled = true
    setChildren(result)
    try {
      const body = {
        url: url.value.trim(),
        types: types.value.trim().split(/\s+/),
        description: description.value.trim(),
      }
      const created = await send('POST', apiUrl(['v1', 'endpoints']), { body })
      setChildren(result, secretNotice(await created.json()))
      url.value = description.value = ''
      onCreated()
    } catch (error) {
      setChildren(result, errorNotice(error))
    }
    button.disabled = false
  }
  return h(
    'form',
    { class: 'filters', onsubmit: submit },
    labeled('URL', url),
    labeled('Types, separated by spaces', types),
    labeled('Description', description),
    button,
    result,
  )
}
