// Loaded before the server (NODE_OPTIONS --import): its clock runs CLOCK_AHEAD_MS ahead, so that days of waiting are a restart. The database keeps its own.
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0)
const Real = Date

globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + ahead)
    else super(...given)
  }
  static now() {
    return Real.now() + ahead
  }
}
