export const description = 'See, own and quieten what fires';
