// Page frame: selects the view, shows the sign-in form, and handles the global keyboard shortcuts.

import { get, signOut } from './api.js'
import { billing } from './billing.js'
import { setChildren } from './dom.js'
import { endpoint } from './endpoint.js'
import { endpoints } from './endpoints.js'
import { event } from './event.js'
import { events } from './events.js'
import { notFound } from './not-found.js'
import { organization } from './organization.js'
import { organizations } from './organizations.js'
import { overview } from './overview.js'
import { roles } from './roles.js'
import { linkTo, parseRoute } from './route.js'
import { signInForm } from './sign-in.js'
import { refreshTimes } from './time.js'
import { user } from './user.js'
import { users } from './users.js'

/** Delay between the last key press and the search, in milliseconds. */
const SEARCH_DELAY = 200

const main = document.getElementById('main')
const topBar = document.getElementById('top-bar')
const searchForm = document.getElementById('search')
const searchInput = document.getElementById('search-input')

/** Aborts the requests of the current view when another view is shown. */
let viewController = new AbortController()

/** Returns the title of a route's view and the function that builds it. */
function viewOf({ path: [section, id, ...rest] }) {
  if (rest.length) return ['Page not found', notFound]
  if (!section) return ['Overview', overview]
  if (section === 'events') return id ? [id, event] : ['Events', events]
  if (section === 'users') return id ? [id, user] : ['Users', users]
  if (section === 'organizations') return id ? [id, organization] : ['Organizations', organizations]
  if (section === 'endpoints') return id ? [id, endpoint] : ['Endpoints', endpoints]
  if (section === 'billing' && !id) return ['Billing', billing]
  if (section === 'roles' && !id) return ['Roles and permissions', roles]
  return ['Page not found', notFound]
}

function showView() {
  viewController.abort()
  viewController = new AbortController()
  const route = parseRoute(location.hash)
  const [title, build] = viewOf(route)
  document.title = `${title} · MeetVo`
  topBar.hidden = false
  for (const link of document.querySelectorAll('#views a')) {
    const section = parseRoute(link.getAttribute('href')).path[0] ?? ''
    if (section === (route.path[0] ?? '')) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  if (document.activeElement !== searchInput)
    searchInput.value = (isSearchable(route) && route.query.query) || ''
  setChildren(main, build(route, viewController.signal))
}

/** Shows the view of the new route. Scrolls to the top unless only the filters changed. */
function onHashChange(change) {
  const previous = parseRoute(new URL(change.oldURL).hash).path.join('/')
  showView()
  if (previous === parseRoute(location.hash).path.join('/')) return
  scrollTo(0, 0)
  if (document.activeElement !== searchInput) main.focus({ preventScroll: true })
}

function showSignIn() {
  // Several responses can report the same 401, and the form may already contain input.
  if (main.querySelector('.sign-in')) return
  viewController.abort()
  topBar.hidden = true
  document.title = 'Sign in · MeetVo'
  setChildren(main, signInForm(showView))
}

/** Returns whether the view of a route is a list that can be searched. */
const isSearchable = ({ path }) =>
  path.length === 1 && (path[0] === 'users' || path[0] === 'organizations')

/** Returns the section whose list a search filters. */
const searchedSection = () =>
  parseRoute(location.hash).path[0] === 'organizations' ? 'organizations' : 'users'

/** Returns the route for a search: the page of a complete ID, or else a list. */
async function searchRoute(text) {
  const results = linkTo([searchedSection()], { query: text })
  if (text.startsWith('user_')) return linkTo(['users', text])
  if (text.startsWith('org_')) return linkTo(['organizations', text])
  if (text.startsWith('msg_') || text.startsWith('meetvo.')) return linkTo(['events', text])
  if (text.startsWith('orgmem_')) {
    const membership = await get(['memberships', text]).catch(() => null)
    return membership ? linkTo(['organizations', membership.organization_id]) : results
  }
  if (!text.startsWith('sess_')) return results
  const session = await get(['sessions', text]).catch(() => null)
  return session ? linkTo(['users', session.user_id]) : results
}

let searchTimer
searchForm.addEventListener('submit', async (submitted) => {
  submitted.preventDefault()
  clearTimeout(searchTimer)
  location.hash = await searchRoute(searchInput.value.trim())
})

// The lists of users and organizations search while the operator types.
searchInput.addEventListener('input', () => {
  clearTimeout(searchTimer)
  const route = parseRoute(location.hash)
  if (!isSearchable(route)) return
  searchTimer = setTimeout(() => {
    history.replaceState(null, '', linkTo(route.path, { query: searchInput.value.trim() }))
    showView()
  }, SEARCH_DELAY)
})

document.addEventListener('keydown', (pressed) => {
  const isTyping = pressed.target.closest('input, select, textarea')
  const hasModifier = pressed.ctrlKey || pressed.metaKey || pressed.altKey
  if (pressed.key !== '/' || isTyping || hasModifier || topBar.hidden) return
  pressed.preventDefault()
  searchInput.focus()
  searchInput.select()
})

document.getElementById('skip-link').addEventListener('click', (clicked) => {
  clicked.preventDefault()
  main.focus()
})

document.getElementById('sign-out').addEventListener('click', async () => {
  await signOut().catch(() => {})
  showSignIn()
})

document.addEventListener('signed-out', showSignIn)
addEventListener('hashchange', onHashChange)
refreshTimes()
showView()
