// List of organizations, sorted by ID or filtered by a search.

import { empty, organizationLink } from './components.js'
import { h } from './dom.js'
import { objectList } from './object-list.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

const COLUMNS = [
  { name: 'Name', cell: organizationLink },
  { name: 'Slug', cell: (organization) => organization.slug ?? '' },
  {
    name: 'Organization ID',
    cell: (organization) => h('span', { class: 'id muted' }, organization.id),
  },
  {
    name: 'Created',
    kind: 'nowrap muted',
    cell: (organization) => organization.created_at && relativeTime(organization.created_at),
  },
]

export const organizations = objectList({
  path: 'organizations',
  one: 'organization',
  many: 'organizations',
  columns: COLUMNS,
  matches: 'names and slugs',
  links: () => h('a', { class: 'end', href: linkTo(['roles']) }, 'Roles and permissions'),
  none: () =>
    empty(
      'No organizations yet',
      'New organizations arrive with webhooks. To import those that Clerk already has, run:',
      h('br'),
      h('pre', {}, 'meetvo backfill'),
    ),
})
