-- As before, and every role says whose it is when it is lent, so that what is done with it can say on whose behalf. A role that is also one's
-- own in the same place is one's own.
create or replace function grants_of(of_person uuid, at timestamptz) returns jsonb
  language sql stable parallel safe
as $$
  with own as (
    select distinct role, tenant_id, application_id from role_grant where person_id = of_person and status = 'IN_FORCE'
  ), lent as (
    select distinct on (g.role, g.tenant_id, g.application_id) g.role, g.tenant_id, g.application_id, lender.id as lender_id, lender.name as lender_name
    from delegation d
      join person lender on lender.id = d.from_person_id and lender.active
      join role_grant g on g.person_id = d.from_person_id and g.role = d.role and g.status = 'IN_FORCE'
    where d.to_person_id = of_person and d.ended_at is null and d.from_at <= at and d.until_at > at
      and not exists (
        select from own where own.role = g.role and own.tenant_id is not distinct from g.tenant_id
          and own.application_id is not distinct from g.application_id
      )
    order by g.role, g.tenant_id, g.application_id, d.from_at, d.id
  )
  select coalesce(jsonb_agg(g.grant_held), '[]')
  from (
    select jsonb_build_object('role', role, 'tenantId', tenant_id, 'applicationId', application_id) as grant_held from own
    union all
    select jsonb_build_object('role', role, 'tenantId', tenant_id, 'applicationId', application_id,
      'lentBy', jsonb_build_object('personId', lender_id, 'name', lender_name)) from lent
  ) g
$$;
