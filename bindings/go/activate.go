// Activates a product from Go, by cgo: activate PROFILE OPTIONS PRODUCT-KEY
package main

/*
#cgo LDFLAGS: -lkeystead_c
#include <stdlib.h>
#include "keystead.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// answer reads and frees the text that a function put into out; a problem becomes an error with its JSON.
func answer(number C.int32_t, out *C.char) (string, error) {
	text := C.GoString(out)
	C.keystead_string_free(out)
	if number != C.KEYSTEAD_DONE {
		return "", errors.New(text)
	}
	return text, nil
}

func run(profile, options, key string) error {
	texts := make([]*C.char, 0, 5)
	text := func(value string) *C.char {
		made := C.CString(value)
		texts = append(texts, made)
		return made
	}
	defer func() {
		for _, made := range texts {
			C.free(unsafe.Pointer(made))
		}
	}()
	var client *C.keystead_client
	var out *C.char
	number := C.keystead_open(text(profile), text(options), &client, &out)
	if _, err := answer(number, out); err != nil {
		return err
	}
	defer C.keystead_close(client)
	number = C.keystead_activate(client, text(key), text("Go example"), &out)
	if _, err := answer(number, out); err != nil {
		return err
	}
	number = C.keystead_status(client, &out)
	status, err := answer(number, out)
	if err != nil {
		return err
	}
	fmt.Println(status)
	fmt.Println("batch:", bool(C.keystead_has_feature(client, text("batch"))))
	fmt.Println("nobody:", bool(C.keystead_has_feature(nil, text("batch"))))
	return nil
}

func main() {
	profile, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = run(string(profile), os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
