/** Sends the form that leads to a provider of identities at once. Without JavaScript its button does. */
document.querySelector<HTMLFormElement>('form[data-departure]')?.submit();
