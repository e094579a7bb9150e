-- How far a person has gone through the tour of their pages: the step to go on with; done when finished or not wanted.

alter table person add column tour_step integer not null default 0;
alter table person add column tour_done boolean not null default false;
