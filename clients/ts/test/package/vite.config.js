export default {
  build: {
    target: "es2022",
    rolldownOptions: { input: process.env.ENTRY },
  },
};
