/** Contract time: everything a person reads or a deadline counts in is Asia/Shanghai; everything stored is an instant in UTC. */
export const SHANGHAI = 'Asia/Shanghai'

export type Clock = () => Temporal.Instant

/** The machine's clock cut to milliseconds (ruling 4). Only a door reads it. */
export const systemClock: Clock = () => Temporal.Instant.fromEpochMilliseconds(Date.now())

export const shanghaiDay = (at: Temporal.Instant): Temporal.PlainDate => at.toZonedDateTimeISO(SHANGHAI).toPlainDate()
