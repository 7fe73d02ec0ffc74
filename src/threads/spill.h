// Calls body(sp, context) with every callee-saved register of the caller pushed at sp and above.
#pragma once

extern "C" void baton_spill_registers(void (*body)(void* sp, void* context), void* context);
