// Sign-in form for an API key with the scope `admin`.

import { signIn } from './api.js'
import { errorNotice } from './components.js'
import { h, setChildren } from './dom.js'

/** Returns the form. Calls `onSignedIn` when the service has accepted the key. */
export function signInForm(onSignedIn) {
  const key = h('input', {
    type: 'password',
    name: 'key',
    autocomplete: 'current-password',
    required: true,
    spellcheck: 'false',
  })
  // Password managers save a password only together with a user name.
  const name = h('input', {
    class: 'visually-hidden',
    name: 'name',
    autocomplete: 'username',
    value: 'admin',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  const button = h('button', { class: 'primary', type: 'submit' }, 'Sign in')
  const message = h('div')
  // The method keeps the key out of the URL if the script does not handle the form.
  const form = h(
    'form',
    { method: 'post', action: 'session', onsubmit: submit },
    name,
    h('label', {}, h('span', {}, 'Admin API key'), key),
    button,
    message,
  )
  async function submit(submitted) {
    submitted.preventDefault()
    button.disabled = true
    setChildren(message)
    try {
      await signIn(key.value.trim())
      key.value = ''
      onSignedIn()
    } catch (error) {
      setChildren(message, errorNotice(error))
      key.select()
    }
    button.disabled = false
  }
  setTimeout(() => key.focus())
  return h(
    'section',
    { class: 'card sign-in' },
    h('h1', {}, h('img', { src: 'icon.svg', alt: '', width: 30, height: 30 }), 'MeetVo'),
    form,
    h(
      'p',
      { class: 'muted' },
      'The browser keeps a session, and not the key, until you sign out or close it. ',
      'To create a key, run:',
    ),
    h('pre', {}, 'meetvo keys new --name <you> --scope admin --scope read'),
  )
}
