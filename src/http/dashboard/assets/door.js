// Signing in, with an API key that may look at events.

import { signIn } from './api.js'
import { h, put } from './dom.js'
import { trouble } from './parts.js'

export function door(entered) {
  const key = h('input', {
    type: 'password',
    name: 'key',
    autocomplete: 'current-password',
    required: true,
    spellcheck: 'false',
  })
  // For those who let their browser keep it: it wants to know whose it is.
  const name = h('input', {
    class: 'unseen',
    name: 'name',
    autocomplete: 'username',
    value: 'admin',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  const button = h('button', { class: 'strong', type: 'submit' }, 'Sign in')
  const place = h('div')
  // Without a script it would be posted, and never stand in an address.
  const form = h(
    'form',
    { method: 'post', action: 'session', onsubmit: enter },
    name,
    h('label', {}, h('span', {}, 'Admin key'), key),
    button,
    place,
  )
  async function enter(submitted) {
    submitted.preventDefault()
    button.disabled = true
    put(place)
    try {
      await signIn(key.value.trim())
      key.value = ''
      entered()
    } catch (refusal) {
      put(place, trouble(refusal))
      key.select()
    }
    button.disabled = false
  }
  setTimeout(() => key.focus())
  return h(
    'section',
    { class: 'card door' },
    h('h1', {}, h('img', { src: 'icon.svg', alt: '', width: 30, height: 30 }), 'MeetVo'),
    form,
    h(
      'p',
      { class: 'muted' },
      'It is kept until you sign out or close the browser, where no script can read it. To make one:',
    ),
    h('pre', {}, 'meetvo keys new --name <you> --scope admin --scope read'),
  )
}
