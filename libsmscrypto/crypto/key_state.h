/* key_state.h - what arithmetic says of a private key. */
#ifndef SMSC_CRYPTO_KEY_STATE_H
#define SMSC_CRYPTO_KEY_STATE_H

typedef enum smsc_key_state {
	SMSC_KEY_VERIFIED,   /* whole, and the private half of that public key       */
	SMSC_KEY_MISMATCH,   /* sound in itself, but of another public key           */
	SMSC_KEY_DAMAGED,    /* its numbers contradict each other                    */
	SMSC_KEY_UNCHECKED,  /* of a kind that is not known                          */
	SMSC_KEY_NO_MEMORY   /* nothing can be said of it                            */
} smsc_key_state;

#endif
