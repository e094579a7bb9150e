/** Days and hours of the contract are those of Asia/Shanghai, wherever the machine stands. */
export const SHANGHAI = 'Asia/Shanghai'

export const dayOf = (at: Temporal.Instant): Temporal.PlainDate => at.toZonedDateTimeISO(SHANGHAI).toPlainDate()
