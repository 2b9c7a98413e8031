export const description = 'See and mend the watched databases';
