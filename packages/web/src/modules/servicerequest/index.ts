export { OrderServicePage } from './OrderServicePage.tsx'
export { ServicePage } from './ServicePage.tsx'
export { ServicesPage } from './ServicesPage.tsx'
