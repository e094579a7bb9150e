/** Pages of the practice world are the same pages under this address; what they ask goes to the practice world, too. */
const PREFIX = '/practice'
export const isPractising = location.pathname === PREFIX || location.pathname.startsWith(`${PREFIX}/`)
/** Before every address of a page and of a call; empty in the real world. */
export const worldPrefix = isPractising ? PREFIX : ''
/** What belongs to the person and not to the exercise is asked of the real world even from within. */
const REAL = /^(practice\.|training\.|manual\.|identity\.(signOut|signIn|setLocale|keepTour))/
export const prefixFor = (endpoint: string): string => (REAL.test(endpoint) ? '' : worldPrefix)
/** A page of the practice world, from anywhere; a whole load, because the two worlds share no page. */
export const practicePage = (path: string): string => PREFIX + path
