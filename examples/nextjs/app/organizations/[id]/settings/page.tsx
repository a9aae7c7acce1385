import { currentUser } from "@meetvo/client/next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";

import { meetvo } from "@/lib/meetvo";

/** A page for the administrators of an organization. Other users get 404. */
export default async function Settings({ params }: { params: Promise<{ id: string }> }) {
  const { id: organization_id } = await params;
  const user = await currentUser(meetvo, await headers());
  if (!user) notFound();
  const { allowed } = await meetvo.memberships.check({ user_id: user.id, organization_id, role: "org:admin" });
  if (!allowed) notFound();
  const organization = await meetvo.organizations.get(organization_id);
  const members = [];
  for await (const member of meetvo.organizations.memberships(organization_id)) members.push(member);
  return (
    <main>
      <h1>{organization.name}</h1>
      <ul>
        {members.map((member) => (
          <li key={member.id}>
            {member.user?.email}: {member.role}
          </li>
        ))}
      </ul>
    </main>
  );
}
