export { SetUpPage } from './SetUpPage.tsx'
export { SignInPage } from './SignInPage.tsx'
