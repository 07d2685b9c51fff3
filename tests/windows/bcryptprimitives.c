/* For tests only: wine 8 lacks the library that Rust programs draw random numbers from. */
#include <stddef.h>

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *data, unsigned long size);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *data, size_t size) {
    while (size > 0) {
        const unsigned long part = size > 0x10000000 ? 0x10000000 : (unsigned long)size;
        if (!SystemFunction036(data, part)) return 0;
        data += part;
        size -= part;
    }
    return 1;
}
