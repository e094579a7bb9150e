-- Why a session ended, everybody's language, the reason beside a change of the security policy.

alter table session add ended_why text
  check (ended_why in ('SIGNED_OUT', 'IDLE', 'AGE', 'SELF', 'OTHER', 'PASSWORD', 'SECOND_FACTOR', 'CLOSED'));
-- the sweep of idle sessions looks at open ones only
create index session_open on session (seen_at) where ended_at is null;

-- null: never chosen, the browser's language serves the page and Chinese the mails
alter table person add locale text check (locale in ('zh-CN', 'en-US'));
update person set locale = n.locale from notice_preference n where n.person_id = person.id;

alter table security_policy add reason text not null default '';

-- As before, except that roles lent by somebody whose account is closed give nothing.
create or replace function grants_of(of_person uuid, at timestamptz) returns jsonb
  language sql stable parallel safe
as $$
  select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'tenantId', g.tenant_id, 'applicationId', g.application_id)), '[]')
  from (
    select role, tenant_id, application_id from role_grant where person_id = of_person and status = 'IN_FORCE'
    union
    select g.role, g.tenant_id, g.application_id
    from delegation d
      join person lender on lender.id = d.from_person_id and lender.active
      join role_grant g on g.person_id = d.from_person_id and g.role = d.role and g.status = 'IN_FORCE'
    where d.to_person_id = of_person and d.ended_at is null and d.from_at <= at and d.until_at > at
  ) g
$$;
