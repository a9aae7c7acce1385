// Small things that several views show.

import { Refusal } from './api.js'
import { h, put } from './dom.js'
import { to } from './route.js'
import { meaning, named } from './words.js'

export const badge = (decision) => h('span', { class: `badge ${decision}`, title: meaning(decision) }, decision)

/** A card with a heading, and what stands at the end of it. */
export function card(title, body, { end = null, flush = false } = {}) {
  const head = h('header', {}, h('h2', {}, title), end && h('div', { class: 'end' }, end))
  return h('section', { class: 'card' }, title && head, h('div', { class: flush ? 'flush' : 'inside' }, body))
}

/** Nothing is there; what that means, and what to do. */
export const empty = (title, ...text) => h('div', { class: 'empty' }, h('strong', {}, title), text)

/** An id that can be copied. */
export function id(text) {
  const copy = h(
    'button',
    { class: 'copy', type: 'button', 'aria-label': `Copy ${text}`, onclick: () => take(text, copy) },
    'copy',
  )
  return h('span', {}, h('span', { class: 'id' }, text), ' ', navigator.clipboard ? copy : null)
}

export async function take(text, button) {
  const before = button.textContent
  await navigator.clipboard.writeText(text)
  button.textContent = 'copied'
  setTimeout(() => {
    button.textContent = before
  }, 1500)
}

/** The first letter of somebody's name, and in its place a picture once one has come: without a network the
    letter stays. */
export function face(user, size = '') {
  const letter = named(user)
    .replace(/^user_/, '')
    .slice(0, 1)
    .toUpperCase()
  const frame = h('span', { class: `face ${size}`, 'aria-hidden': 'true' }, letter)
  if (user.image?.startsWith('https://')) {
    const picture = h('img', { alt: '', referrerpolicy: 'no-referrer', onload: () => put(frame, picture) })
    picture.src = user.image
  }
  return frame
}

/** Somebody, as a link to their page. */
export const person = (user) =>
  h(
    'span',
    { class: 'person' },
    face(user),
    h('a', { class: 'main', href: to(['users', user.id]) }, named(user)),
  )

/** A list of names and values; what has no value is left out. */
export const fields = (entries) =>
  h(
    'dl',
    { class: 'fields' },
    entries
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  )

/** What went wrong, what to do, and a way to try once more. */
export function trouble(refusal, again) {
  const request = refusal.request && h('span', { class: 'id' }, refusal.request)
  const retry = again && h('button', { type: 'button', onclick: again }, 'Try again')
  return h(
    'div',
    { class: 'notice bad', role: 'alert' },
    h('p', {}, said(refusal)),
    (retry || request) && h('div', { class: 'row' }, retry, request),
  )
}

function said(refusal) {
  if (refusal.code === 'scope_missing')
    return `${refusal.message}. Sign out, and in again with a key that has it.`
  if (refusal.status === 503) return `${refusal.message}. Time heals it; if it does not, the log says more.`
  return refusal.message || 'Something went wrong.'
}

/** After so long one is told that it takes a while. */
const SLOW = 250

/** Fills an element with what is read. What is no longer wanted is dropped. */
export async function load(element, signal, read, show) {
  const wait = setTimeout(() => put(element, h('p', { class: 'waiting', role: 'status' }, 'Reading …')), SLOW)
  element.setAttribute('aria-busy', 'true')
  try {
    put(element, show(await read()))
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof Refusal)) console.error(error)
    put(
      element,
      trouble(error, () => load(element, signal, read, show)),
    )
  } finally {
    clearTimeout(wait)
    element.removeAttribute('aria-busy')
  }
}
