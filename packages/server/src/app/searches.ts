import { searchAdmissions } from '../modules/admission/index.ts'
import { searchPeople } from '../modules/identity/index.ts'
import { searchIncidents } from '../modules/incident/index.ts'
import { searchItems } from '../modules/inventory/index.ts'
import { searchArticles } from '../modules/knowledge/index.ts'
import { searchClauses } from '../modules/plan/index.ts'
import { searchProblems } from '../modules/problem/index.ts'
import { searchTasks } from '../modules/process/index.ts'
import { searchWorkOrders } from '../modules/provisioning/index.ts'
import { searchRequests } from '../modules/request/index.ts'
import { registerSearch } from '../modules/search/index.ts'
import { searchServices } from '../modules/servicerequest/index.ts'

/** Everything the search looks through, one line a kind. */
export function registerSearches(): void {
  registerSearch('REQUEST', searchRequests)
  registerSearch('ADMISSION', searchAdmissions)
  registerSearch('WORK_ORDER', searchWorkOrders)
  registerSearch('TASK', searchTasks)
  registerSearch('APPLICATION', searchItems('application'))
  registerSearch('SERVER', searchItems('server'))
  registerSearch('VOLUME', searchItems('volume'))
  registerSearch('NETWORK', searchItems('network'))
  registerSearch('PERSON', searchPeople)
  registerSearch('INCIDENT', searchIncidents)
  registerSearch('PROBLEM', searchProblems)
  registerSearch('ARTICLE', searchArticles)
  registerSearch('SERVICE_REQUEST', searchServices)
  registerSearch('CLAUSE', searchClauses)
}
