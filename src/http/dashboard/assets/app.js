// The frame: which view is shown, who is signed in, and the keys that work everywhere.

import { get, signOut } from './api.js'
import { put } from './dom.js'
import { door } from './door.js'
import { event } from './event.js'
import { events } from './events.js'
import { missing } from './missing.js'
import { overview } from './overview.js'
import { parse, to } from './route.js'
import { keepTime } from './time.js'
import { user } from './user.js'
import { users } from './users.js'

const main = document.getElementById('main')
const bar = document.getElementById('bar')
const find = document.getElementById('find')
const text = document.getElementById('find-text')

/** Ends what the view before is still doing. */
let leaving = new AbortController()

/** The view of an address: its title, and what makes it. */
function view({ path: [room, id, ...more] }) {
  if (more.length) return ['Nothing here', missing]
  if (!room) return ['Overview', overview]
  if (room === 'events') return id ? [id, event] : ['Events', events]
  if (room === 'users') return id ? [id, user] : ['Users', users]
  return ['Nothing here', missing]
}

function show() {
  leaving.abort()
  leaving = new AbortController()
  const route = parse(location.hash)
  const [title, make] = view(route)
  document.title = `${title} · MeetVo`
  bar.hidden = false
  for (const link of document.querySelectorAll('#views a')) {
    const here = (parse(link.getAttribute('href')).path[0] ?? '') === (route.path[0] ?? '')
    if (here) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  if (document.activeElement !== text) text.value = (route.path[0] === 'users' && route.query.query) || ''
  put(main, make(route, leaving.signal))
}

/** Another view is read from its beginning; the same one with other filters stays where it is. */
function go(change) {
  const before = parse(new URL(change.oldURL).hash).path.join('/')
  show()
  if (before === parse(location.hash).path.join('/')) return
  scrollTo(0, 0)
  if (document.activeElement !== text) main.focus({ preventScroll: true })
}

function lockOut() {
  // Several answers say so at once, and somebody may be at the door already.
  if (main.querySelector('.door')) return
  leaving.abort()
  bar.hidden = true
  document.title = 'Sign in · MeetVo'
  put(main, door(show))
}

/** An id leads to what it names, anything else is searched for. */
async function search(sought) {
  if (sought.startsWith('user_')) return to(['users', sought])
  if (sought.startsWith('msg_') || sought.startsWith('meetvo.')) return to(['events', sought])
  if (!sought.startsWith('sess_')) return to(['users'], { query: sought })
  const session = await get(['sessions', sought]).catch(() => null)
  return session ? to(['users', session.user_id]) : to(['users'], { query: sought })
}

let typed
find.addEventListener('submit', async (submitted) => {
  submitted.preventDefault()
  clearTimeout(typed)
  location.hash = await search(text.value.trim())
})

// Among the users, they are found while one types.
text.addEventListener('input', () => {
  clearTimeout(typed)
  const { path } = parse(location.hash)
  if (path[0] !== 'users' || path.length > 1) return
  typed = setTimeout(() => {
    history.replaceState(null, '', to(['users'], { query: text.value.trim() }))
    show()
  }, 200)
})

document.addEventListener('keydown', (pressed) => {
  const writing = pressed.target.closest('input, select, textarea')
  if (pressed.key !== '/' || writing || pressed.ctrlKey || pressed.metaKey || pressed.altKey || bar.hidden)
    return
  pressed.preventDefault()
  text.focus()
  text.select()
})

document.getElementById('skip').addEventListener('click', (clicked) => {
  clicked.preventDefault()
  main.focus()
})

document.getElementById('sign-out').addEventListener('click', async () => {
  await signOut().catch(() => {})
  lockOut()
})

document.addEventListener('signed-out', lockOut)
addEventListener('hashchange', go)
keepTime()
show()
