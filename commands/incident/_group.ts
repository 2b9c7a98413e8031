export const description = 'Tell the tale of an outage while it happens';
