// Page of one organization: details, members, invitations, domains, billing, and the history of
// all events.

import { get } from './api.js'
import { billingCards } from './billing.js'
import { card, fields, id, load, timeOrNull, userLink } from './components.js'
import { h } from './dom.js'
import { historyCard } from './history.js'
import { metadataCard } from './json.js'
import { count } from './labels.js'
import { listCard } from './list-card.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

export function organization({ path: [, organizationId] }, signal) {
  const content = h('div', { class: 'wide' })
  load(
    content,
    signal,
    () => readOrganization(organizationId, signal),
    (found) => (found ? page(found, signal) : missingPage(organizationId, signal)),
  )
  return content
}

/** Reads an organization, or returns null if there is none. The history of a deleted organization
    is still shown. */
const readOrganization = (organizationId, signal) =>
  get(['organizations', organizationId], {}, signal).catch((error) => {
    if (error.status !== 404) throw error
    return null
  })

const history = (organizationId, signal) =>
  historyCard({ organization_id: organizationId }, 'organization', signal)

function page(found, signal) {
  const list = (title, resource, show, emptyText) =>
    listCard(title, ['organizations', found.id, resource], signal, show, emptyText)
  return [
    h(
      'div',
      { class: 'head' },
      h('div', {}, h('h1', {}, found.name ?? found.id), h('p', { class: 'muted' }, id(found.id))),
      h('a', { class: 'end', href: linkTo(['roles']) }, 'Roles and permissions'),
    ),
    h(
      'div',
      { class: 'user' },
      h(
        'div',
        {},
        detailsCard(found),
        list('Domains', 'domains', domain, 'No domains.'),
        billingCards('organizations', found.id, signal),
        metadataCard('Public metadata', found.public_metadata),
      ),
      h(
        'div',
        {},
        list('Members', 'memberships', member, 'No members.'),
        list('Invitations', 'invitations', invitation, 'No invitations.'),
        history(found.id, signal),
      ),
    ),
  ]
}

function missingPage(organizationId, signal) {
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', {}, 'Organization not found'),
      h('p', { class: 'muted' }, id(organizationId)),
    ),
    h(
      'p',
      { class: 'notice' },
      'The organization has been deleted or is not synced yet. Of a deleted organization, only ',
      'the ID and the time of the deletion are stored. The events about this ID are listed below.',
    ),
    history(organizationId, signal),
  ]
}

const yesOrNo = (value) => (value === null ? null : value ? 'yes' : 'no')

const maximum = (number) => (number === 0 ? 'no limit' : number && count(number))

const detailsCard = (organization) =>
  card(
    'Details',
    fields([
      ['Name', organization.name],
      ['Slug', organization.slug],
      ['Maximum memberships', maximum(organization.max_allowed_memberships)],
      ['Admins can delete it', yesOrNo(organization.admin_delete_enabled)],
      [
        'Created by',
        organization.created_by &&
          h(
            'a',
            { class: 'id', href: linkTo(['users', organization.created_by]) },
            organization.created_by,
          ),
      ],
      ['Created', timeOrNull(organization.created_at)],
      ['Last updated', timeOrNull(organization.updated_at)],
    ]),
  )

const role = (item) => h('span', { class: 'badge' }, item.role ?? 'no role')

const member = (item) => [
  h(
    'div',
    { class: 'line' },
    userLink(item.user),
    h('span', { class: 'end' }, role(item)),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', {}, item.user.email ?? ''),
    item.created_at && h('span', { class: 'end' }, 'joined ', relativeTime(item.created_at)),
  ),
]

const invitation = (item) => [
  h(
    'div',
    { class: 'line' },
    h('span', {}, item.email ?? item.id),
    h(
      'span',
      { class: `end badge ${item.status === 'accepted' ? 'applied' : ''}` },
      item.status ?? 'unknown',
    ),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', {}, item.role ?? ''),
    item.created_at && h('span', { class: 'end' }, 'sent ', relativeTime(item.created_at)),
  ),
]

const domain = (item) => [
  h(
    'div',
    { class: 'line' },
    h('span', {}, item.name ?? item.id),
    h(
      'span',
      { class: `end badge ${item.affiliation_status === 'verified' ? 'applied' : ''}` },
      item.affiliation_status ?? 'not verified',
    ),
  ),
  h('div', { class: 'line muted' }, item.enrollment_mode ?? ''),
]
