# External libraries of the native modules, each with the module that needs it.
