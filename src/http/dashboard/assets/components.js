// Components shared by several views.

import { ApiError } from './api.js'
import { h, setChildren } from './dom.js'
import { capitalize, displayName, label, tooltip } from './labels.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

/** Label of a decision, with its explanation as the tooltip. */
export const badge = (decision) =>
  h('span', { class: `badge ${decision}`, title: tooltip(decision) }, label(decision))

/** Card with a heading, and an optional element at the end of the heading. */
export function card(title, body, { end = null, flush = false } = {}) {
  const header = h('header', {}, h('h2', {}, title), end && h('div', { class: 'end' }, end))
  return h(
    'section',
    { class: 'card' },
    title && header,
    h('div', { class: flush ? 'flush' : 'padded' }, body),
  )
}

/** Empty state with a title, and a text that names the next step. */
export const empty = (title, ...text) => h('div', { class: 'empty' }, h('strong', {}, title), text)

/** ID with a button that copies it. */
export function id(text) {
  const copy = h(
    'button',
    {
      class: 'copy',
      type: 'button',
      'aria-label': `Copy ${text}`,
      onclick: () => copyText(text, copy),
    },
    'Copy',
  )
  return h('span', {}, h('span', { class: 'id' }, text), ' ', navigator.clipboard ? copy : null)
}

/** Copies a text, and confirms it on the button for a moment. */
export async function copyText(text, button) {
  const previous = button.textContent
  await navigator.clipboard.writeText(text)
  button.textContent = 'Copied'
  setTimeout(() => {
    button.textContent = previous
  }, 1500)
}

/** Avatar of a user: the first letter of the name, replaced by the profile picture if it loads. */
export function avatar(user, size = '') {
  const letter = displayName(user)
    .replace(/^user_/, '')
    .slice(0, 1)
    .toUpperCase()
  const frame = h('span', { class: `avatar ${size}`, 'aria-hidden': 'true' }, letter)
  if (user.image?.startsWith('https://')) {
    const picture = h('img', {
      alt: '',
      referrerpolicy: 'no-referrer',
      onload: () => setChildren(frame, picture),
    })
    picture.src = user.image
  }
  return frame
}

/** Avatar and name of a user, with a link to the page of the user. */
export const userLink = (user) =>
  h(
    'span',
    { class: 'user-link' },
    avatar(user),
    h('a', { class: 'main', href: linkTo(['users', user.id]) }, displayName(user)),
  )

/** Name of an organization, with a link to its page. */
export const organizationLink = (organization) =>
  h(
    'a',
    { class: 'main', href: linkTo(['organizations', organization.id]) },
    organization.name ?? organization.id,
  )

/** Relative time, or null for an instant that is not known. */
export const timeOrNull = (instant) => instant && relativeTime(instant)

/** List of names and values, without the entries that have no value. */
export const fields = (entries) =>
  h(
    'dl',
    { class: 'fields' },
    entries
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  )

/** Notice with the error, the next step, the request ID and an optional retry button. */
export function errorNotice(error, retry) {
  const requestId = error.requestId && h('span', { class: 'id' }, `Request ID: ${error.requestId}`)
  const button = retry && h('button', { type: 'button', onclick: retry }, 'Retry')
  return h(
    'div',
    { class: 'notice error', role: 'alert' },
    h('p', {}, errorText(error)),
    (button || requestId) && h('div', { class: 'row' }, button, requestId),
  )
}

/** Returns the text of an error with the next step. */
export function errorText(error) {
  if (error.code === 'credentials_unknown')
    return 'This API key is not valid. Check that you copied the complete key.'
  const message = capitalize(error.message)
  if (error.code === 'scope_missing')
    return `${message}. Sign out, then sign in with a key that has this scope.`
  if (error.status === 503)
    return `${message}. Retry in a moment. If the error persists, check the log of the service.`
  return message || 'Unexpected error. Reload the page.'
}

/** Delay in milliseconds before a loading indicator appears. */
const LOADING_DELAY = 250

/** Fills an element with loaded data, or with an error and a retry button. Ignores the error of an
    aborted request. */
export async function load(element, signal, read, show) {
  const showLoading = () =>
    setChildren(element, h('p', { class: 'loading', role: 'status' }, 'Loading …'))
  const timer = setTimeout(showLoading, LOADING_DELAY)
  element.setAttribute('aria-busy', 'true')
  try {
    setChildren(element, show(await read()))
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof ApiError)) console.error(error)
    setChildren(
      element,
      errorNotice(error, () => load(element, signal, read, show)),
    )
  } finally {
    clearTimeout(timer)
    element.removeAttribute('aria-busy')
  }
}
